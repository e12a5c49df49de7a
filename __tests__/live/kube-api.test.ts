import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeApi } from "../../lib/live/kube-api";

/** An API server that is busy for the first requests, and says when to ask again. */
async function busy(
  times: number,
): Promise<{ readonly api: KubeApi; readonly server: Server; readonly asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    if (asked++ < times) {
      response.writeHead(429, { "retry-after": "0" });
      response.end(JSON.stringify({ kind: "Status", message: "storage is (re)initializing" }));
    } else response.end(JSON.stringify({ items: [{ metadata: { name: "a" } }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { api: new KubeApi({ host: "127.0.0.1", port }, new AbortController().signal), server, asked: () => asked };
}

test("an API server that is busy is asked again", async () => {
  const { api, server, asked } = await busy(3);
  expect(await api.list("/api/v1/pods")).toHaveLength(1);
  expect(asked()).toBe(4);
  server.close();
});

test("one that stays busy is told as what cannot be reached, with what it said", async () => {
  const { api, server } = await busy(Number.POSITIVE_INFINITY);
  await expect(api.list("/api/v1/pods")).rejects.toMatchObject({
    kind: "reach",
    message: "GET /api/v1/pods: storage is (re)initializing",
    remedy: "try again in a minute",
  });
  server.close();
});
