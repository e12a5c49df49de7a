import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** As much of GitHub as the workflows' scripts ask for: comments, pull requests, workflow runs. On loopback. */
export class GitHubServer {
  public readonly comments: { id: number; body: string; user: { login: string } }[] = [];
  public pulls: readonly object[] = [];
  public runs: readonly object[] = [];
  private readonly server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const [status, answer] = this.answer(
      request.method ?? "",
      new URL(request.url ?? "", "http://localhost").pathname,
      body,
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });

  public async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public stop(): void {
    this.server.close();
  }

  private answer(method: string, path: string, body?: { readonly body: string }): readonly [number, unknown] {
    if (path === "/graphql") return [200, { data: { viewer: { login: "github-actions" } } }];
    if (path.endsWith("/actions/runs")) return [200, { workflow_runs: this.runs }];
    if (path.endsWith("/pulls")) return [200, this.pulls];
    if (method === "GET" && path.endsWith("/comments")) return [200, this.comments];
    const edited = /\/issues\/comments\/(\d+)$/.exec(path);
    const comment = edited
      ? this.comments.find(({ id }) => id === Number(edited[1]))
      : { id: this.comments.length + 1, body: "", user: { login: "github-actions[bot]" } };
    if (!comment || !body) return [404, {}];
    comment.body = body.body;
    if (!edited) this.comments.push(comment);
    return [200, { html_url: `https://example.com/comments/${comment.id}` }];
  }
}
