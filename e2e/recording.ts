import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Recorder } from "../sandbox/gcp/recording/recorder";
import { writeRecording } from "../sandbox/gcp/recording/recording";
import { packageRoot } from "../sandbox/paths";
import type { Sandbox } from "../sandbox/runtime";

/** What `npm test` replays against a simulator of its own. */
const RECORDINGS = join(packageRoot(), "__tests__", "sandbox", "gcp", "recordings");

/**
 * Records the traffic of one environment's run from now on. Nothing else may run in the sandbox meanwhile.
 *
 * @returns writes what was recorded; call it when the run is over.
 */
export function recordTraffic(sandbox: Sandbox, environment: string, providers: string): () => string {
  const description = `${providers}: ${environment} deployed, changed, broken, repaired and destroyed`;
  const recorder = new Recorder(sandbox.google, description, sandbox.url);
  return () => {
    mkdirSync(RECORDINGS, { recursive: true });
    const file = join(RECORDINGS, `${environment}.jsonl`);
    writeRecording(file, recorder.recording());
    return file;
  };
}
