import { readFileSync, writeFileSync } from "node:fs";
import type { FaultEffect } from "../faults/fault";
import type { Json } from "../json";

/** One request with its answer, in a form that can be committed: what the simulator makes up is named, not spelled out. */
export interface RecordedExchange {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** JSON body of the request. */
  readonly request?: Json;
  /** Content of an upload, where the request is one. */
  readonly upload?: Json;
  /** HTTP status; 0 where a fault broke the connection. */
  readonly status: number;
  readonly response?: Json;
  /** The fault that struck. */
  readonly fault?: FaultEffect;
}

/** Traffic of a client, with what is needed to replay it. */
export interface Recording {
  /** What was done, e.g. `google 6.50.0: cluster with two pools, created, changed, destroyed`. */
  readonly description: string;
  /** Projects that must exist, with their numbers. */
  readonly projects: readonly { readonly id: string; readonly number: string }[];
  readonly exchanges: readonly RecordedExchange[];
}

/** Writes a recording: a line of description, then a line for each exchange, so that changes can be reviewed. */
export function writeRecording(file: string, { exchanges, ...header }: Recording): void {
  const lines = [header, ...exchanges].map((line) => JSON.stringify(line));
  writeFileSync(file, `${lines.join("\n")}\n`);
}

/** Reads a recording. */
export function readRecording(file: string): Recording {
  const [header, ...exchanges] = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
  return { ...(header as Omit<Recording, "exchanges">), exchanges: exchanges as RecordedExchange[] };
}
