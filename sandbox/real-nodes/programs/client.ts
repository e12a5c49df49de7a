/**
 * A client for tests that never stops: a new connection every so often, and one that stays. Arguments: address, port,
 * milliseconds between connections, `both` or `new` for new connections only, path, an address of its own to ask from, and
 * the milliseconds that a server may take to answer. It counts what goes wrong, and tells at the end of its input.
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

/**
 * Handshakes are made by kernels, however busy the programs of both sides are. The first packet is sent again after a second:
 * what takes that long has lost one.
 */
const HANDSHAKE = 900;
/**
 * Milliseconds within which a connection that was made is answered, and one that stays ticks again: it ticks every 20 ms, every
 * second on a very busy machine. A server that does not get its turn is slow; what is silent for so long is broken.
 */
const PATIENCE = 10_000;

/** A process that was not run for a while finds in its socket what came meanwhile, but hears of its timers first. */
const afterSockets = (work: () => void) => void setImmediate(work);

function main(): void {
  const [address = "", port = "80", interval = "50", mode = "both", path = "/", source, patience] =
    process.argv.slice(2);
  const patient = Number(patience ?? PATIENCE);
  const localAddress = source ? { localAddress: source } : {};
  const failed: Failure[] = [];
  const broken: Failure[] = [];
  const servers: Record<string, number> = {};
  const waiting = new Set<Promise<void>>();
  let answered = 0;
  let last = Date.now();
  let longestGap = { milliseconds: 0, until: "" };
  const now = () => new Date().toISOString();

  const noteAnswer = (text: string) => {
    answered += 1;
    const { name = "" } = JSON.parse(text) as { name?: string };
    servers[name] = (servers[name] ?? 0) + 1;
    const gap = Date.now() - last;
    if (gap > longestGap.milliseconds) longestGap = { milliseconds: gap, until: now() };
    last = Date.now();
  };
  const ask = () =>
    new Promise<void>((settled) => {
      const options = { host: address, port, path, agent: false, ...localAddress };
      let isConnected = false;
      let isOver = false;
      const over = (why?: string) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(handshake);
        clearTimeout(answer);
        if (why !== undefined) {
          failed.push({ at: now(), why });
          request.destroy();
        }
        settled();
      };
      const request = get(options, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => {
          if (response.statusCode !== 200) return over(`HTTP ${response.statusCode}`);
          noteAnswer(text);
          over();
        });
        response.on("error", (error) => over(error.message));
      });
      const handshake = setTimeout(() => afterSockets(() => isConnected || over("no connection")), HANDSHAKE);
      const answer = setTimeout(() => afterSockets(() => over("no answer")), patient);
      request.on("socket", (socket) =>
        socket.once("connect", () => {
          isConnected = true;
        }),
      );
      request.on("error", (error) => over(error.message));
    });
  const connect = () => {
    const settled: Promise<void> = ask().finally(() => waiting.delete(settled));
    waiting.add(settled);
  };

  /** Called when the connection that stays ticks or breaks. */
  let onTurn = () => {};
  let stands = false;
  const stay = () => {
    stands = true;
    const again = (why: string) => {
      stands = false;
      broken.push({ at: now(), why });
      setTimeout(stay, 100);
      onTurn();
    };
    let connected = false;
    const request = get({ host: address, port, path: "/stream", agent: false }, (response) => {
      connected = true;
      clearTimeout(opening);
      let done = false;
      let ticks = 0;
      const over = (why: string) => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        request.destroy();
        again(why);
      };
      const watch = () => {
        const seen = ticks;
        return setTimeout(() => afterSockets(() => ticks === seen && over("silence")), patient);
      };
      let timer = watch();
      response.on("data", () => {
        ticks += 1;
        clearTimeout(timer);
        timer = watch();
        onTurn();
      });
      response.on("error", (error) => over(error.message));
      response.on("end", () => over("closed"));
    });
    const opening = setTimeout(() => afterSockets(() => connected || request.destroy(new Error("no answer"))), patient);
    request.on("error", (error) => {
      clearTimeout(opening);
      if (!connected) again(error.message);
    });
  };
  /** Whether it still stands shows its next tick, or that there is none. */
  const lastTick = () => (stands ? new Promise<void>((resolve) => (onTurn = resolve)) : Promise.resolve());

  let next: NodeJS.Timeout;
  const keepAsking = () => {
    connect();
    next = setTimeout(keepAsking, pauseOf(Number(interval)));
  };
  keepAsking();
  if (mode === "both") stay();
  process.stdout.write("started\n");
  process.stdin.resume().on("end", async () => {
    clearTimeout(next);
    await Promise.all([...waiting, lastTick()]);
    const tally: Tally = { answered, failed, broken, servers, longestGap };
    process.stdout.write(`${JSON.stringify(tally)}\n`, () => process.exit(0));
  });
}

if (require.main === module) main();
