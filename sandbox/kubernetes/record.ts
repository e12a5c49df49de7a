import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ClusterView, NodePoolView } from "../gcp/hooks";
import type { AddonName } from "./addons";

/** What is known of a cluster beside etcd's data, so that a sandbox that is started again brings it back as it was. */
export interface ClusterRecord {
  readonly version: 1;
  readonly cluster: ClusterView;
  readonly pools: Readonly<Record<string, NodePoolView>>;
  readonly ports: { readonly apiPort: number; readonly etcdPort: number };
  /** Loopback address of the IP endpoint on port 443; missing where this machine does not allow that. */
  readonly address?: string;
  readonly addons: readonly AddonName[];
}

/** The record in a file, or undefined where there is none. @throws Error where the file is something else. */
export function readRecord(file: string): ClusterRecord | undefined {
  if (!existsSync(file)) return undefined;
  const record = JSON.parse(readFileSync(file, "utf8")) as ClusterRecord;
  if (record.version !== 1)
    throw new Error(`${file} was written by another version of the sandbox; delete its directory`);
  return record;
}

/** Writes the record in one step: a crash leaves the old one or the new one. */
export function writeRecord(file: string, record: ClusterRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(record, null, 2));
  renameSync(`${file}.new`, file);
}
