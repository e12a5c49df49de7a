import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type ProbeTarget, probe } from "../../../sandbox/real-nodes/kubelet/probes";
import { collect, type Namespace } from "../../../sandbox/real-nodes/namespaces/namespace";

/** A node whose programs run here, after a while. */
function target(startsAfter = 0): ProbeTarget {
  const run: Namespace["run"] = async ([program = "", ...args], { timeout = 0 } = {}) => {
    const began = Date.now();
    await sleep(startsAfter);
    return collect(spawn(program, args), "", timeout - (Date.now() - began));
  };
  return { node: { only: () => ({ run }) }, address: "127.0.0.1", container: {} } as unknown as ProbeTarget;
}

const server = createServer(async ({ url, headers }, response) => {
  if (url === "/late") await sleep(1_500);
  response.writeHead(url === "/sick" || headers["x-brief"] === "no" ? 503 : 200).end();
});
let port = 0;
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

test.each([
  ["/healthz", true],
  ["/sick", false],
  ["/late", false],
])("%s within a second: %s", async (path, expected) => {
  expect(await probe({ httpGet: { path, port } }, target(), 1)).toBe(expected);
});

test("what is late for one second is in time for three", async () => {
  expect(await probe({ httpGet: { path: "/late", port } }, target(), 3)).toBe(true);
});

test("headers are sent", async () => {
  const httpHeaders = [{ name: "X-Brief", value: "no" }];
  expect(await probe({ httpGet: { path: "/healthz", port, httpHeaders } }, target(), 1)).toBe(false);
});

test("a port that listens, and one that does not", async () => {
  expect(await probe({ tcpSocket: { port } }, target(), 1)).toBe(true);
  expect(await probe({ tcpSocket: { port: 1 } }, target(), 1)).toBe(false);
});

test("a machine that takes longer to start the program than the container may to answer proves nothing against it", async () => {
  expect(await probe({ httpGet: { path: "/healthz", port } }, target(1_200), 1)).toBe(true);
  expect(await probe({ tcpSocket: { port } }, target(1_200), 1)).toBe(true);
});
