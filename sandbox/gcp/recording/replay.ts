import { isObject, type Json } from "../json";
import { SANDBOX_ACCESS_TOKEN } from "../options";
import { GoogleCloudSimulator } from "../simulator";
import { Bindings } from "./placeholders";
import { Recorder } from "./recorder";
import { CONTENT, type RecordedExchange, type Recording } from "./recording";

/** Between the parts of an upload that is replayed. */
const BOUNDARY = "replayed-upload";

/** One way in which the simulator answered otherwise than recorded. */
export interface Difference {
  /** Number of the exchange, counted from 1. */
  readonly exchange: number;
  readonly request: string;
  /** Where in the answer, e.g. `$.nodePools[0].status`. */
  readonly where: string;
  readonly recorded: Json | undefined;
  readonly actual: Json | undefined;
}

/**
 * Replays a recording against a new simulator and tells every difference. Statuses and values must be the same; what the
 * simulator makes up must be the same wherever it was the same in the recording.
 */
export async function replay(recording: Recording): Promise<Difference[]> {
  return replayOn(new GoogleCloudSimulator({ projects: recording.projects }), recording);
}

/**
 * Asks again what a recording asks, and records what is answered now: for a change of the simulator that is meant. What the
 * clients sent stays as they sent it.
 */
export async function renew(recording: Recording): Promise<Recording> {
  const simulator = new GoogleCloudSimulator({ projects: recording.projects });
  let recorder: Recorder | undefined;
  await replayOn(simulator, recording, (url) => {
    recorder = new Recorder(simulator, recording.description, url);
  });
  return recorder!.recording();
}

async function replayOn(
  simulator: GoogleCloudSimulator,
  recording: Recording,
  listening?: (url: string) => void,
): Promise<Difference[]> {
  const { url } = await simulator.listen();
  listening?.(url);
  const bindings = new Bindings(url);
  const differences: Difference[] = [];
  try {
    for (const [index, exchange] of recording.exchanges.entries()) {
      const found = await replayOne(simulator, url, bindings, exchange);
      const request = `${exchange.method} ${exchange.path}`;
      differences.push(...found.map((difference) => ({ exchange: index + 1, request, ...difference })));
    }
  } finally {
    await simulator.close();
  }
  return differences;
}

type Found = Omit<Difference, "exchange" | "request">;

async function replayOne(
  simulator: GoogleCloudSimulator,
  url: string,
  bindings: Bindings,
  exchange: RecordedExchange,
): Promise<Found[]> {
  const { method, path, fault } = exchange;
  if (fault) simulator.addFault({ ...fault, method });
  let response: Response;
  try {
    response = await fetch(url + bindings.fill(path), { method, ...bodyOf(exchange, bindings), redirect: "manual" });
  } catch (error) {
    simulator.faults.clear();
    if (exchange.status === 0) return [];
    return [{ where: "$status", recorded: exchange.status, actual: String(error) }];
  }
  simulator.faults.clear();
  const text = await response.text();
  if (response.status !== exchange.status) {
    return [{ where: "$status", recorded: exchange.status, actual: `${response.status} ${text.slice(0, 300)}` }];
  }
  const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
  const recorded = exchange.response ?? null;
  if (recorded === CONTENT) return [];
  if (!isJson) return isObject(recorded) ? [{ where: "$", recorded, actual: text }] : [];
  return compare(recorded, JSON.parse(text) as Json, "$", bindings);
}

function bodyOf(exchange: RecordedExchange, bindings: Bindings): RequestInit {
  const headers: Record<string, string> = { Authorization: `Bearer ${SANDBOX_ACCESS_TOKEN}` };
  if (exchange.upload !== undefined) {
    const metadata = bindings.fill(JSON.stringify(exchange.upload));
    const body = [`--${BOUNDARY}`, "Content-Type: application/json", "", metadata, `--${BOUNDARY}`]
      .concat("Content-Type: application/json", "", "content", `--${BOUNDARY}--`, "")
      .join("\r\n");
    return { headers: { ...headers, "Content-Type": `multipart/related; boundary=${BOUNDARY}` }, body };
  }
  if (exchange.request === undefined) return { headers };
  return {
    headers: { ...headers, "Content-Type": "application/json" },
    body: bindings.fill(JSON.stringify(exchange.request)),
  };
}

/** Every difference between what was recorded and what was answered. */
function compare(recorded: Json, actual: Json, where: string, bindings: Bindings): Found[] {
  if (typeof recorded === "string" && typeof actual === "string") {
    return bindings.fits(recorded, actual) ? [] : [{ where, recorded, actual }];
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    const both = Math.min(recorded.length, actual.length);
    return [
      ...(recorded.length === actual.length ? [] : [{ where: `${where}.length`, recorded, actual }]),
      ...recorded
        .slice(0, both)
        .flatMap((item, index) => compare(item, actual[index]!, `${where}[${index}]`, bindings)),
    ];
  }
  if (isObject(recorded) && isObject(actual)) {
    const wanted = Object.entries(recorded);
    const keys = new Map(Object.keys(actual).map((key) => [key, key]));
    const found = wanted.flatMap(([key, value]) => {
      const name = keys.has(key)
        ? key
        : [...keys.keys()].find((each) => key.includes("{{") && bindings.fits(key, each));
      if (name === undefined) return [{ where: `${where}.${key}`, recorded: value, actual: undefined }];
      keys.delete(name);
      return compare(value!, actual[name]!, `${where}.${key}`, bindings);
    });
    return [
      ...found,
      ...[...keys.keys()].map((key) => ({ where: `${where}.${key}`, recorded: undefined, actual: actual[key] })),
    ];
  }
  return recorded === actual ? [] : [{ where, recorded, actual }];
}
