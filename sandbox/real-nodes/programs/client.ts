/**
 * A client for tests that never stops: a new connection every so often, and one that stays. Arguments: address, port,
 * milliseconds between connections, `both` or `new` for new connections only, path, and an address of its own to ask from.
 * It counts what goes wrong, and tells at the end of its input.
 */
import { get } from "node:http";
import { pauseOf } from "./pace";

/** What it tells in the end. */
export interface Tally {
  /** New connections that were answered. */
  readonly answered: number;
  readonly failed: readonly Failure[];
  /** When the connection that stays broke, each time; it is opened again then. */
  readonly broken: readonly Failure[];
  /** How many answers came from each server. */
  readonly servers: Readonly<Record<string, number>>;
  /** Longest time without an answer, in milliseconds, and when it ended. */
  readonly longestGap: { readonly milliseconds: number; readonly until: string };
}

export interface Failure {
  readonly at: string;
  readonly why: string;
}

const TIMEOUT = 1_000;
/** The stream ticks every 20 ms, every second on a very busy machine: silence for so long is a broken connection. */
const SILENCE = 3_000;

function main(): void {
  const [address = "", port = "80", interval = "50", mode = "both", path = "/", source] = process.argv.slice(2);
  const localAddress = source ? { localAddress: source } : {};
  const failed: Failure[] = [];
  const broken: Failure[] = [];
  const servers: Record<string, number> = {};
  let answered = 0;
  let last = Date.now();
  let longestGap = { milliseconds: 0, until: "" };
  const now = () => new Date().toISOString();

  const connect = () => {
    const request = get({ host: address, port, path, agent: false, timeout: TIMEOUT, ...localAddress }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        if (response.statusCode !== 200) {
          failed.push({ at: now(), why: `HTTP ${response.statusCode}` });
          return;
        }
        answered += 1;
        const { name = "" } = JSON.parse(text) as { name?: string };
        servers[name] = (servers[name] ?? 0) + 1;
        const gap = Date.now() - last;
        if (gap > longestGap.milliseconds) longestGap = { milliseconds: gap, until: now() };
        last = Date.now();
      });
    });
    // A process that was not run for so long finds the answer in its socket, but hears of the timeout first.
    request.on("timeout", () => setImmediate(() => request.destroy(new Error("no answer"))));
    request.on("error", (error) => failed.push({ at: now(), why: error.message }));
  };
  const stay = () => {
    const again = (why: string) => {
      broken.push({ at: now(), why });
      setTimeout(stay, 100);
    };
    let connected = false;
    const request = get({ host: address, port, path: "/stream", agent: false }, (response) => {
      connected = true;
      let done = false;
      const over = (why: string) => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        request.destroy();
        again(why);
      };
      let timer = setTimeout(() => over("silence"), SILENCE);
      response.on("data", () => {
        clearTimeout(timer);
        timer = setTimeout(() => over("silence"), SILENCE);
      });
      response.on("error", (error) => over(error.message));
      response.on("end", () => over("closed"));
    });
    request.on("error", (error) => {
      if (!connected) again(error.message);
    });
  };

  const keepAsking = () => {
    connect();
    setTimeout(keepAsking, pauseOf(Number(interval)));
  };
  keepAsking();
  if (mode === "both") stay();
  process.stdout.write("started\n");
  process.stdin.resume().on("end", () => {
    const tally: Tally = { answered, failed, broken, servers, longestGap };
    process.stdout.write(`${JSON.stringify(tally)}\n`, () => process.exit(0));
  });
}

if (require.main === module) main();
