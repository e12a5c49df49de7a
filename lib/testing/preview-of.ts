import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { Environment, withoutTokenTraces } from "../environment";
import { Secrets } from "../preview/diff/secrets";
import type { Report } from "../preview/model/report";
import { openSynth } from "../preview/readers/synth";
import { buildReport } from "../preview/report/build";
import { offline, pairStacks } from "../preview/run/read-stacks";
import type { Synthesizable } from "./replacements";

/** The preview's whole report of a change: counts, risks, fields. */
export function previewOf(before: Synthesizable, after: Synthesizable): Report {
  const directories = [before, after].map(write) as [string, string];
  try {
    const [base, head] = directories.map((directory) => openSynth(directory)) as [
      ReturnType<typeof openSynth>,
      ReturnType<typeof openSynth>,
    ];
    const secrets = new Secrets();
    const stacks = pairStacks({ base, head, secrets, environments: [] }).map((pair) => offline(pair, secrets));
    return buildReport(stacks, { version: "", failOn: "never", today: "9999-12-31", secrets });
  } finally {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  }
}

function write(what: Synthesizable): string {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-gke-cilium-"));
  withoutTokenTraces(() => {
    const app = new App({ outdir, stackTraces: false });
    if (typeof what === "function") what(app);
    else new Environment(app, what);
    app.synth();
  });
  return outdir;
}
