import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesClient } from "../../../sandbox/kubernetes/client";
import { CertificateAuthority } from "../../../sandbox/pki";

describe("the client of an API server", () => {
  let directory: string;
  let server: Server;
  let client: KubernetesClient;
  /** Requests that a connection answers before it is closed under the next one. */
  let answersEach: number;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "client-"));
    const authority = await CertificateAuthority.open(directory, "client test");
    const { certificate, privateKey } = await authority.server(["127.0.0.1"]);
    const answered = new WeakMap<object, number>();
    server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
      const count = (answered.get(request.socket) ?? 0) + 1;
      answered.set(request.socket, count);
      if (count > answersEach) request.socket.destroy();
      else response.end('{"kind":"Status"}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    client = new KubernetesClient({
      port: (server.address() as AddressInfo).port,
      caCertificate: authority.certificate,
      certificate,
      privateKey,
    });
  });
  afterAll(async () => {
    client.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  });

  it("asks again where the server had closed a connection that lay idle", async () => {
    answersEach = 1;
    await expect(client.get("/readyz")).resolves.toEqual({ kind: "Status" });
    await expect(client.get("/readyz")).resolves.toEqual({ kind: "Status" });
  });

  it("fails where a new connection is closed without an answer", async () => {
    answersEach = 0;
    await expect(client.get("/readyz")).rejects.toThrow("socket hang up");
  });
});
