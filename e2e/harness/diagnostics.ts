import type { LogEntry } from "../../sandbox/gcp/http/log";
import type { KubernetesObject } from "../../sandbox/kubernetes/client";
import type { Bench } from "../rig/bench";
import { packetDiagnostics } from "../rig/packets/diagnostics";
import { lastLines } from "./check";

interface Event extends KubernetesObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

const REQUESTS_SHOWN = 30;
const EVENTS_SHOWN = 30;
const PLAN_LINES = 120;
const OUTPUT_LINES = 40;

/** What somebody needs who looks into a failure: the plan, the last command, the API log around it, the events. */
export async function diagnose(bench: Bench, error: unknown): Promise<string> {
  const { lastPlan, lastCommand } = bench;
  const sections: [string, string][] = [
    ["What failed", error instanceof Error ? error.message : String(error)],
    ["Edits in effect", bench.edits.join(", ") || "none: the environment as it ships"],
    ["Last plan that was not empty", lastPlan ? `${lastPlan.stack}\n${lastLines(lastPlan.text, PLAN_LINES)}` : "none"],
    [
      "Last command",
      lastCommand
        ? `$ ${lastCommand.command}   (ended with ${lastCommand.code}; all of it: ${lastCommand.log})\n${lastLines(lastCommand.output, OUTPUT_LINES)}`
        : "none",
    ],
    [
      "Google Cloud API log",
      bench.cloud.requests({ project: bench.project }).slice(-REQUESTS_SHOWN).map(describeRequest).join("\n"),
    ],
    ["Kubernetes events", await events(bench)],
    ...(await packets(bench)),
  ];
  for (const other of bench.meshed)
    sections.push(
      [`${other.environment}: last command`, lastLines(other.lastCommand?.output ?? "", OUTPUT_LINES)],
      [`${other.environment}: Kubernetes events`, await events(other)],
      ...(await packets(other)),
    );
  return sections.map(([title, text]) => `--- ${title}\n${text || "none"}`).join("\n\n");
}

/** `12:01:02.345 POST 200 /container/v1/…`, with what matters about it. */
export function describeRequest({ time, method, status, path, query, fault, operation, error }: LogEntry): string {
  const more = [fault ? "FAULT" : "", operation ?? "", error ?? ""].filter(Boolean).join("  ");
  const target = query === "" ? path : `${path}?${query}`;
  return `${time.slice(11, 23)} ${method.padEnd(6)} ${status} ${target}${more === "" ? "" : `  [${more}]`}`;
}

/** A cluster that is not there has no nodes to look at. */
async function packets(bench: Bench): Promise<[string, string][]> {
  try {
    return await packetDiagnostics(bench);
  } catch (error) {
    return [["Real nodes", error instanceof Error ? error.message : String(error)]];
  }
}

async function events(bench: Bench): Promise<string> {
  try {
    const all = await bench.cloud.kubernetes(bench.cluster).list<Event>("/api/v1/events");
    return all
      .map((event) => ({ event, at: event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "" }))
      .sort((a, b) => a.at.localeCompare(b.at))
      .slice(-EVENTS_SHOWN)
      .map(({ event, at }) => {
        const object = `${event.involvedObject?.kind ?? ""}/${event.metadata.namespace ?? ""}/${event.involvedObject?.name ?? ""}`;
        return `${at} ${event.type ?? ""} ${event.reason ?? ""} ${object}: ${event.message ?? ""}`;
      })
      .join("\n");
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
