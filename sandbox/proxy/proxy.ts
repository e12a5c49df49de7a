import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import { connect, type Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { CertificateAuthority } from "../pki";
import type { ChartArchive } from "./archive";
import { REPOSITORIES, serveRepository } from "./chart-repository";
import { type OutsideHost, OutsideHosts } from "./outside-hosts";

export interface SandboxProxyOptions {
  /** Signs the certificates of the hosts that the sandbox stands in for. */
  readonly authority: CertificateAuthority;
  /** Charts that are served, asked for at each request. */
  readonly archives: () => readonly ChartArchive[];
  /** Port of 127.0.0.1 where a cluster's DNS endpoint is served, or undefined for a host that is none. */
  readonly portOfDnsEndpoint: (host: string) => number | undefined;
  /** Told of every request, in one line. */
  readonly onRequest?: (line: string) => void;
}

/**
 * The one way out of the sandbox, which leads nowhere: an HTTP proxy on 127.0.0.1 that answers for chart repositories,
 * passes the DNS endpoints of clusters on to their API servers on this machine, and refuses and records every other
 * host. It never opens a connection to another address than 127.0.0.1.
 */
export class SandboxProxy {
  private readonly hosts = new OutsideHosts();
  private readonly server: Server;
  private readonly repositories: SecureServer;
  private readonly contexts = new Map<string, Promise<SecureContext>>();
  private readonly sockets = new Set<Socket>();

  public constructor(private readonly options: SandboxProxyOptions) {
    this.server = createServer((request, response) => this.refusePlain(request, response));
    this.server.on("connect", (request, socket: Socket) => this.tunnel(request.url ?? "", socket));
    this.server.on("connection", (socket) => this.track(socket));
    this.repositories = createSecureServer(
      {
        SNICallback: (name, done) => {
          this.contextFor(name).then(
            (context) => done(null, context),
            (error: Error) => done(error),
          );
        },
      },
      (request, response) => this.serve(request, response),
    );
  }

  /** Starts to listen on a free port of 127.0.0.1, or on the one given. @returns the address for `HTTPS_PROXY`. */
  public listen(port = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
        const address = this.server.address();
        if (address === null || typeof address === "string") reject(new Error("the proxy has no port"));
        else resolve(`http://127.0.0.1:${address.port}`);
      });
    });
  }

  public async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Every host that was asked for. */
  public outsideHosts(): OutsideHost[] {
    return this.hosts.list();
  }

  private tunnel(target: string, socket: Socket): void {
    const separator = target.lastIndexOf(":");
    const host = target.slice(0, separator).toLowerCase();
    const isHttps = target.slice(separator + 1) === "443";
    const name = isHttps ? host : target;
    socket.on("error", () => socket.destroy());

    const port = isHttps ? this.options.portOfDnsEndpoint(host) : undefined;
    if (port !== undefined) {
      this.record(name, "served");
      const upstream = connect(port, "127.0.0.1");
      this.track(upstream);
      const refuse = () => socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
      upstream.once("error", refuse);
      upstream.once("connect", () => {
        upstream.off("error", refuse).on("error", () => socket.destroy());
        // A frame of HTTP/2 that waits for the acknowledgement of the one before takes 40 ms, and Helm asks hundreds.
        for (const end of [upstream, socket]) end.setNoDelay(true);
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      socket.once("close", () => upstream.destroy());
    } else if (isHttps && REPOSITORIES.some((repository) => repository.host === host)) {
      this.record(name, "served");
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      this.repositories.emit("connection", socket);
    } else {
      this.record(name, "refused");
      socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n${refusal(name)}`);
    }
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const host = (request.headers.host ?? "").split(":")[0]!.toLowerCase();
    this.options.onRequest?.(`${request.method} https://${host}${request.url}`);
    const repository = REPOSITORIES.find((candidate) => candidate.host === host);
    if (repository) serveRepository(repository, this.options.archives(), request, response);
    else response.writeHead(404).end(refusal(host));
  }

  private refusePlain(request: IncomingMessage, response: ServerResponse): void {
    let host = request.headers.host ?? "?";
    try {
      host = new URL(request.url ?? "").host;
    } catch {
      // Not a request to a proxy at all, but to us.
    }
    this.record(host.includes(":") ? host : `${host}:80`, "refused");
    response.writeHead(403, { "content-type": "text/plain" }).end(refusal(host));
  }

  private record(host: string, outcome: OutsideHost["outcome"]): void {
    this.hosts.add(host, outcome);
    this.options.onRequest?.(`CONNECT ${host} ${outcome}`);
  }

  private contextFor(name: string): Promise<SecureContext> {
    const known = this.contexts.get(name);
    if (known) return known;
    const made = this.options.authority
      .server([name])
      .then(({ certificate, privateKey }) => createSecureContext({ cert: certificate, key: privateKey }));
    this.contexts.set(name, made);
    return made;
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
  }
}

function refusal(host: string): string {
  return `the sandbox does not let anything out: ${host} is not simulated\n`;
}
