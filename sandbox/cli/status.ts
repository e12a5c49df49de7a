import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ClusterRecord, readRecord } from "../kubernetes";
import type { LedgerEntry } from "../processes";
import { runningInstance } from "../runtime";
import { run } from "../toolchain";
import type { Context } from "./context";

/** `status`: what runs on this project, and what it takes. */
export async function statusCommand(context: Context): Promise<number> {
  const { files, command } = context;
  const { style } = context.reporter;
  const instance = runningInstance(files);
  if (!instance) {
    console.log(
      `The sandbox does not run. ${command} start starts it${existsSync(files.google) ? " with the state it had" : ""}.`,
    );
    return 0;
  }
  console.log(`${style.bold("The sandbox runs")}, process ${instance.pid}`);
  console.log(`  Google Cloud  ${instance.google}`);
  console.log(`  proxy         ${instance.proxy}`);
  console.log(`  logs          ${join(files.directory, "logs")}`);
  const memory = await memoryByName(files.ledger);
  const records = clusterRecords(files.clusters);
  if (records.length === 0) console.log("  no clusters");
  for (const record of records) {
    const { name, project, location, version } = record.cluster;
    const nodes = Object.values(record.pools).reduce((sum, pool) => sum + pool.nodes.length, 0);
    const megabytes = Math.round((memory.get(name) ?? 0) / 1024);
    console.log(
      `  cluster       ${style.cyan(name)}  ${project} ${location}  ${version}  ${nodes} nodes  ${megabytes} MB`,
    );
  }
  return 0;
}

function clusterRecords(directory: string): ClusterRecord[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .map((key) => readRecord(join(directory, key, "cluster.json")))
    .filter((record) => record !== undefined);
}

/** Kilobytes of memory by the first word of a program's name, which is its cluster's. */
async function memoryByName(ledger: string): Promise<Map<string, number>> {
  const entries = existsSync(ledger) ? (JSON.parse(readFileSync(ledger, "utf8")) as LedgerEntry[]) : [];
  const { stdout } = await run("ps", ["-o", "pid=,rss=", "-p", entries.map(({ pid }) => pid).join(",") || "0"]);
  const kilobytes = new Map(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
  );
  const sums = new Map<string, number>();
  for (const { name, pid } of entries) {
    const cluster = name.split(" ")[0]!;
    sums.set(cluster, (sums.get(cluster) ?? 0) + (kilobytes.get(pid) ?? 0));
  }
  return sums;
}
