import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { transformFileSync } from "@swc/core";
import { packageRoot } from "../../../sandbox/paths";
import type { Tally } from "../../../sandbox/real-nodes/programs/client";

/** Milliseconds that a server of these tests may take to answer. */
const PATIENCE = 1_000;
/** Longer than a client waits for a handshake or an answer. */
const STOPPED = 1_200;

const directory = mkdtempSync(join(tmpdir(), "client-"));
afterAll(() => rmSync(directory, { recursive: true }));

beforeAll(() => {
  for (const name of ["client", "pace"]) {
    const { code } = transformFileSync(join(packageRoot(), `sandbox/real-nodes/programs/${name}.ts`), {
      jsc: { parser: { syntax: "typescript" }, target: "es2022" },
      module: { type: "commonjs" },
    });
    writeFileSync(join(directory, `${name}.js`), code);
  }
});

/** A client of a server, which is stopped in the end and tells. */
async function tallyOf(
  answer: RequestListener,
  during: (client: ChildProcess) => Promise<void>,
  mode: "new" | "both" = "new",
): Promise<Tally> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await tallyAt((server.address() as AddressInfo).port, during, mode);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function tallyAt(
  port: number,
  during: (client: ChildProcess) => Promise<void>,
  mode: "new" | "both",
): Promise<Tally> {
  const words = ["127.0.0.1", String(port), "20", mode, "/", "", String(PATIENCE)];
  const client = spawn(process.execPath, [join(directory, "client.js"), ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  client.stdout.on("data", (chunk) => {
    output += chunk;
  });
  try {
    await during(client);
    client.stdin.end();
    await once(client, "close");
  } finally {
    client.kill("SIGKILL");
  }
  return JSON.parse(output.split("\n")[1]!) as Tally;
}

test("a client that is not run for longer than it waits takes the answers that came meanwhile", async () => {
  const requests = new EventEmitter();
  const answer = (response: ServerResponse) => response.end('{"name":"web"}\n');
  const { answered, failed } = await tallyOf(
    (_, response) => void (requests.emit("request", response) || answer(response)),
    async (client) => {
      // Which it hears of first, the timeout or the answer, depends on where it was stopped.
      for (let times = 0; times < 4; times += 1) {
        const [response] = (await once(requests, "request")) as [ServerResponse];
        client.kill("SIGSTOP");
        answer(response);
        await sleep(STOPPED);
        client.kill("SIGCONT");
      }
      const [last] = (await once(requests, "request")) as [ServerResponse];
      answer(last);
    },
  );
  expect(failed).toEqual([]);
  expect(answered).toBeGreaterThan(0);
}, 60_000);

test("and tells what was never answered", async () => {
  const { answered, failed } = await tallyOf(
    () => {},
    () => sleep(STOPPED * 2),
  );
  expect(answered).toBe(0);
  expect(failed.length).toBeGreaterThan(0);
  expect(new Set(failed.map(({ why }) => why))).toEqual(new Set(["no answer"]));
}, 60_000);

test("a handshake that takes as long as a lost packet is a failure, though the server only sleeps", async () => {
  // The kernel makes as many connections as the server asked for, and drops what comes after.
  const script = `const server = require("node:http").createServer(() => {}).listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () =>
    console.log(server.address().port))`;
  const server = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = (await once(server.stdout, "data")) as [Buffer];
    server.kill("SIGSTOP");
    const { answered, failed } = await tallyAt(Number(String(port)), () => sleep(STOPPED * 2), "new");
    expect(answered).toBe(0);
    expect(new Set(failed.map(({ why }) => why))).toEqual(new Set(["no connection", "no answer"]));
  } finally {
    server.kill("SIGKILL");
  }
}, 60_000);

/** Answers, and ticks where a stream is asked for, until it is told to be silent. */
function ticking(): { listener: RequestListener; streams: Set<ServerResponse>; silence(): void } {
  const streams = new Set<ServerResponse>();
  let isSilent = false;
  const timer = setInterval(() => {
    for (const stream of streams) if (!isSilent) stream.write("web\n");
  }, 20);
  timer.unref();
  return {
    listener: ({ url }, response) => {
      if (url !== "/stream") return void response.end('{"name":"web"}\n');
      response.on("close", () => streams.delete(response));
      streams.add(response.writeHead(200));
      response.flushHeaders();
    },
    streams,
    silence: () => {
      isSilent = true;
    },
  };
}

test("a connection that stays stands for a client that is not run for longer than it waits", async () => {
  const { listener, streams } = ticking();
  const stopping = async (client: ChildProcess) => {
    while (streams.size === 0) await sleep(20);
    for (let times = 0; times < 3; times += 1) {
      await sleep(100);
      client.kill("SIGSTOP");
      await sleep(STOPPED);
      client.kill("SIGCONT");
    }
  };
  const { broken } = await tallyOf(listener, stopping, "both");
  expect(broken).toEqual([]);
}, 60_000);

test.each<[why: string, end: (server: ReturnType<typeof ticking>) => void]>([
  ["silence", (server) => server.silence()],
  ["closed", ({ streams }) => streams.forEach((stream) => void stream.end())],
  ["aborted", ({ streams }) => streams.forEach((stream) => void stream.destroy())],
])(
  "one that ends in %s just before the client is stopped is told",
  async (why, end) => {
    const server = ticking();
    const ending = async () => {
      while (server.streams.size === 0) await sleep(20);
      await sleep(100);
      end(server);
      await sleep(60);
    };
    const { broken } = await tallyOf(server.listener, ending, "both");
    expect(broken.map((one) => one.why)).toEqual([why]);
  },
  60_000,
);
