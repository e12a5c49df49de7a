import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as plainRequest, type Server } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { parse } from "yaml";
import { CertificateAuthority } from "../../../sandbox/pki";
import { freePort } from "../../../sandbox/processes/ports";
import { type ChartArchive, readChartArchive, repositoryIndex, SandboxProxy } from "../../../sandbox/proxy";
import { writeChart } from "./fixtures";

const CILIUM = { host: "helm.cilium.io", path: "/", charts: ["cilium"] };

describe("charts", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "charts-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("an archive tells name, version and digest", () => {
    const archive = readChartArchive(writeChart(directory, "cilium", "1.19.6"));
    expect(archive.metadata).toMatchObject({ name: "cilium", version: "1.19.6" });
    expect(archive.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("what is no archive of a chart is an error that names the file", () => {
    expect(() => readChartArchive(__filename)).toThrow(`${__filename} is not a chart archive`);
  });

  test("a repository's index has the charts of its publisher only", () => {
    const archives = [
      ["cilium", "1.20.2"],
      ["cilium", "1.19.6"],
      ["kube-prometheus-stack", "88.5.3"],
    ].map(([name, version]) => readChartArchive(writeChart(directory, name!, version!)));
    expect(parse(repositoryIndex(CILIUM, archives))).toMatchObject({
      apiVersion: "v1",
      entries: {
        cilium: [
          { version: "1.20.2", digest: archives[0]!.digest, urls: ["https://helm.cilium.io/cilium-1.20.2.tgz"] },
          { version: "1.19.6" },
        ],
      },
    });
    expect(Object.keys((parse(repositoryIndex(CILIUM, archives)) as { entries: object }).entries)).toEqual(["cilium"]);
  });
});

describe("the proxy", () => {
  let directory: string;
  let authority: CertificateAuthority;
  let proxy: SandboxProxy;
  let url: URL;
  let control: SecureServer;
  const archives: ChartArchive[] = [];
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "proxy-"));
    authority = await CertificateAuthority.open(join(directory, "pki"), "test");
    const { certificate: cert, privateKey: key } = await authority.server(["gke-1.europe-west1.gke.goog"]);
    control = createSecureServer({ cert, key }, (_, response) => response.end("ok from the API server"));
    await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
    const { port } = control.address() as AddressInfo;
    const ports = new Map([
      ["gke-1.europe-west1.gke.goog", port],
      ["gke-down.europe-west1.gke.goog", await freePort()],
    ]);
    archives.push(readChartArchive(writeChart(directory, "cilium", "1.20.2")));
    proxy = new SandboxProxy({
      authority,
      archives: () => archives,
      portOfDnsEndpoint: (host) => ports.get(host),
    });
    url = new URL(await proxy.listen());
  });
  afterAll(async () => {
    await proxy.close();
    control.close();
    rmSync(directory, { recursive: true });
  });

  /** GET through the tunnel, as a client with `HTTPS_PROXY` does it. */
  const get = (host: string, path: string, port = 443): Promise<string> =>
    new Promise((resolve, reject) => {
      plainRequest({ host: url.hostname, port: url.port, method: "CONNECT", path: `${host}:${port}` })
        .once("connect", (response, socket) => {
          if (response.statusCode !== 200) {
            socket.destroy();
            return resolve(`refused with ${response.statusCode}`);
          }
          const tls: TLSSocket = connectTls({ socket, servername: host, ca: authority.certificate }, () =>
            tls.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
          );
          let text = "";
          tls.setEncoding("latin1").on("data", (chunk: string) => {
            text += chunk;
          });
          tls.once("end", () => resolve(text)).once("error", reject);
        })
        .once("error", reject)
        .end();
    });

  test("serves a chart repository under its name, with a certificate of the sandbox's authority", async () => {
    expect(await get("helm.cilium.io", "/index.yaml")).toContain("https://helm.cilium.io/cilium-1.20.2.tgz");
    expect(await get("helm.cilium.io", "/cilium-1.20.2.tgz")).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await get("helm.cilium.io", "/cilium-9.9.9.tgz")).toContain("404");
  });

  test("leads a DNS endpoint to its API server", async () => {
    expect(await get("gke-1.europe-west1.gke.goog", "/")).toContain("ok from the API server");
  });

  test("tells who asks for an API server that is down", async () => {
    expect(await get("gke-down.europe-west1.gke.goog", "/")).toBe("refused with 502");
  });

  test.each([
    ["openidconnect.googleapis.com", 443],
    ["gke-2.europe-west1.gke.goog", 443],
    ["helm.cilium.io", 80],
    ["127.0.0.1", 443],
  ])("refuses %s:%i", async (host, port) => {
    expect(await get(host, "/", port)).toBe("refused with 403");
  });

  test("refuses requests without a tunnel", async () => {
    const status = await new Promise((resolve) =>
      plainRequest({ host: url.hostname, port: url.port, path: "http://example.com/" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end(),
    );
    expect(status).toBe(403);
  });

  test("keeps count of who was asked for and what became of it", () => {
    const hosts = proxy.outsideHosts();
    expect(hosts).toContainEqual({ host: "openidconnect.googleapis.com", outcome: "refused", count: 1 });
    expect(hosts).toContainEqual({ host: "helm.cilium.io", outcome: "served", count: 3 });
    expect(hosts).toContainEqual({ host: "helm.cilium.io:80", outcome: "refused", count: 1 });
    expect(hosts).toContainEqual({ host: "example.com:80", outcome: "refused", count: 1 });
  });
});

test("nothing but loopback is listened on", async () => {
  const directory = mkdtempSync(join(tmpdir(), "proxy-"));
  const authority = await CertificateAuthority.open(directory, "test");
  const proxy = new SandboxProxy({ authority, archives: () => [], portOfDnsEndpoint: () => undefined });
  const address = await proxy.listen();
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await proxy.close();
  rmSync(directory, { recursive: true });
  // The port is free again.
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(Number(new URL(address).port), "127.0.0.1", resolve));
  await new Promise((resolve) => server.close(resolve));
});
