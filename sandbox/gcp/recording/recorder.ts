import type { Exchange } from "../http/server";
import type { Json, JsonObject } from "../json";
import type { GoogleCloudSimulator } from "../simulator";
import { Namer } from "./placeholders";
import { CONTENT, type RecordedExchange, type Recording } from "./recording";

/** Query parameters that say how to print, and change nothing. */
const PRINTING = new Set(["alt", "prettyPrint", "$alt", "fields"]);

/** What shows that a change is under way, or lists what others change: answers about these depend on the moment. */
const CHANGING = /^\/container\/|\/instanceGroup|^\/serviceusage\//;

/** An exchange that others may overlap. */
interface Recent {
  readonly from: number;
  readonly to: number;
  readonly write: boolean;
  /** What was recorded of it, where another write under way would have changed the answer. */
  doubtful?: RecordedExchange;
}

/** How many exchanges are remembered for that; no more are ever under way at once. */
const RECENT = 200;

/**
 * Records the traffic of a simulator so that it can be committed and replayed. What cannot be replayed one request after
 * the other is left out: reads of a cluster while it is being changed, refusals that were only a matter of timing, and
 * what is done to the simulator other than by requests.
 */
export class Recorder {
  private readonly namer: Namer;
  private readonly exchanges: RecordedExchange[] = [];
  private readonly lastReads = new Map<string, string>();
  private readonly recent: Recent[] = [];

  public constructor(
    private readonly simulator: GoogleCloudSimulator,
    private readonly description: string,
    url: string,
  ) {
    this.namer = new Namer(url);
    simulator.onExchange((exchange) => this.add(exchange));
  }

  /** What was recorded so far. */
  public recording(): Recording {
    return { description: this.description, projects: this.simulator.projects(), exchanges: [...this.exchanges] };
  }

  private add({ request, response, log, fault, from, to }: Exchange): void {
    const overlapping = this.recent.filter((other) => other.from < to && from < other.to);
    const moment: Recent = { from, to, write: log.write };
    this.recent.push(moment);
    if (this.recent.length > RECENT) this.recent.shift();
    if (request.path.startsWith("/_sandbox/faults") || (!log.write && request.path.startsWith("/_sandbox"))) return;
    // What is in doubt may be answered before the write that it overlaps: then it is the write that takes it out again.
    if (log.write) for (const { doubtful } of overlapping) if (doubtful) this.forget(doubtful);
    const inDoubt = !fault && (log.write ? response.status >= 400 : CHANGING.test(request.path));
    if (inDoubt && overlapping.some((other) => other.write)) return;

    const query = [...request.query].filter(([name]) => !PRINTING.has(name) || request.query.get("alt") === "media");
    const path = this.namer.sent(request.path + (query.length > 0 ? `?${new URLSearchParams(query)}` : ""));
    const media = Buffer.isBuffer(response.body);
    const answered = media ? CONTENT : this.namer.answered((response.body ?? null) as Json);
    const recorded: RecordedExchange = {
      method: request.method,
      path,
      ...this.body(request.rawBody, request.headers["content-type"] ?? ""),
      status: response.status,
      ...(response.status === 0 || answered === null ? {} : { response: answered }),
      ...(fault ? { fault: effectOf(fault) } : {}),
    };
    if (!log.write && !fault && this.repeats(recorded)) return;
    if (inDoubt) moment.doubtful = recorded;
    this.exchanges.push(recorded);
  }

  private forget(exchange: RecordedExchange): void {
    const index = this.exchanges.indexOf(exchange);
    if (index >= 0) this.exchanges.splice(index, 1);
    this.lastReads.delete(`${exchange.method} ${exchange.path}`);
  }

  private body(raw: Buffer, contentType: string): Pick<RecordedExchange, "request" | "upload"> {
    if (raw.length === 0) return {};
    const text = raw.toString("utf8");
    if (contentType.startsWith("application/json") || text.startsWith("{")) {
      return { request: this.namer.sent(JSON.parse(text) as Json) };
    }
    const [, metadata = "{}", type] = /\r\n\r\n(\{.*?\})\s*\r\n--.*?\r\ncontent-type: *([^\r]+)/is.exec(text) ?? [];
    const given = JSON.parse(metadata) as JsonObject;
    return { upload: this.namer.sent({ ...(type ? { contentType: type } : {}), ...given }) };
  }

  /** Whether a read only says again what it said before. */
  private repeats(recorded: RecordedExchange): boolean {
    const key = `${recorded.method} ${recorded.path}`;
    const answer = JSON.stringify([recorded.status, recorded.response]);
    if (this.lastReads.get(key) === answer) return true;
    this.lastReads.set(key, answer);
    return false;
  }
}

function effectOf(fault: NonNullable<Exchange["fault"]>): RecordedExchange["fault"] {
  const { error, reset, operation } = fault;
  return { ...(error ? { error } : {}), ...(reset ? { reset } : {}), ...(operation ? { operation } : {}) };
}
