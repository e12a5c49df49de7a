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

/** Longer than a client waits for an answer. */
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
async function tallyOf(answer: RequestListener, during: (client: ChildProcess) => Promise<void>): Promise<Tally> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = spawn(process.execPath, [join(directory, "client.js"), "127.0.0.1", String(port), "20", "new"], {
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
    server.closeAllConnections();
    server.close();
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
      for (let times = 0; times < 6; times += 1) {
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
