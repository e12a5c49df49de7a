import { readFileSync, writeFileSync } from "node:fs";
import type { FaultEffect } from "../faults/fault";
import { isObject, type Json, type JsonObject, mergePatch, mergePatchBetween } from "../json";

/** What stands in a recording for the content of an object: a state file would bury the rest. */
export const CONTENT = "{{content}}";

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

/** An exchange in a file: an answer that resembles the last one to the same request is told as a merge patch of it. */
interface Line extends Omit<RecordedExchange, "response"> {
  readonly response?: Json;
  readonly change?: JsonObject;
}

/** Writes a recording: a line of description, then a line for each exchange, so that changes can be reviewed. */
export function writeRecording(file: string, { exchanges, ...header }: Recording): void {
  const last = new Map<string, JsonObject>();
  const lines = exchanges.map((exchange): Line => {
    const { response, ...rest } = exchange;
    const before = last.get(keyOf(exchange));
    if (!isObject(response)) return exchange;
    last.set(keyOf(exchange), response);
    return before ? { ...rest, change: mergePatchBetween(before, response) } : exchange;
  });
  writeFileSync(file, `${[header, ...lines].map((line) => JSON.stringify(line)).join("\n")}\n`);
}

/** Reads a recording. */
export function readRecording(file: string): Recording {
  const [header, ...lines] = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
  const last = new Map<string, JsonObject>();
  const exchanges = (lines as Line[]).map(({ change, ...rest }): RecordedExchange => {
    const response = change ? mergePatch(last.get(keyOf(rest)) ?? {}, change) : rest.response;
    if (isObject(response)) last.set(keyOf(rest), response);
    return response === undefined ? rest : { ...rest, response };
  });
  return { ...(header as Omit<Recording, "exchanges">), exchanges };
}

function keyOf({ method, path, status }: Pick<RecordedExchange, "method" | "path" | "status">): string {
  return `${method} ${path} ${status}`;
}
