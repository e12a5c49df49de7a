import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { packageRoot } from "../../../sandbox/paths";
import { joining, YIELDING } from "../../../sandbox/real-nodes/kubelet/container";
import { type Ended, innermost, type Namespace } from "../../../sandbox/real-nodes/namespaces/namespace";
import type { Tally } from "../../../sandbox/real-nodes/programs/client";
import type { Seen } from "../../../sandbox/real-nodes/programs/server";

/** A program of the tests, compiled. */
export function program(name: "server" | "client" | "dns-server" | "lookup"): string {
  return `${packageRoot()}/dist/sandbox/real-nodes/programs/${name}.js`;
}

/** One request with nothing but bash, and the whole answer. */
const ASK = `
exec 3<>"/dev/tcp/$1/$2" || exit 7
printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n%b\\r\\n' "$3" "$1" "$4" >&3
cat <&3`;

/** Seconds for an answer that is expected: a busy machine is slow, not wrong. Where none is expected, one is enough. */
const PATIENCE_SECONDS = 10;

/** How a client asks. */
export interface ClientOptions {
  /** Milliseconds between new connections. @default 50 */
  readonly interval?: number;
  /** Whether it also holds one connection open. @default true */
  readonly stays?: boolean;
  readonly path?: string;
  /** An address that it asks from. @default the system's choice */
  readonly source?: string;
}

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Somewhere packets come from: a pod, a node, a machine of the VPC, the internet. */
export class Place {
  public constructor(
    /** What it is called in messages. */
    public readonly name: string,
    private readonly namespace: Namespace,
    /** Whether it has a control group that programs have to join: nodes and pods do. */
    private readonly isOnNode: boolean,
  ) {}

  public run(command: readonly string[], timeout = 120_000): Promise<Ended> {
    return this.namespace.run(this.isOnNode ? joining(command) : command, { timeout });
  }

  /** Asks over HTTP. Undefined where nobody answers. */
  public async get(
    address: string,
    port: number,
    {
      path = "/",
      headers = "",
      seconds = PATIENCE_SECONDS,
    }: { path?: string; headers?: string; seconds?: number } = {},
  ): Promise<Answer | undefined> {
    const { stdout } = await this.run(
      ["timeout", String(seconds), "bash", "--norc", "-c", ASK, "ask", address, String(port), path, headers],
      (seconds + 10) * 1000,
    );
    const status = stdout.match(/^HTTP\/[\d.]+ (\d{3})/)?.[1];
    if (status === undefined) return undefined;
    const [head = "", ...body] = stdout.split("\r\n\r\n");
    return { status: Number(status), headers: head, body: body.join("\r\n\r\n") };
  }

  /** Asks a server of the tests whom it sees. Undefined where it does not answer. */
  public async ask(address: string, port: number, seconds = PATIENCE_SECONDS): Promise<Seen | undefined> {
    const answer = await this.get(address, port, { seconds });
    return answer?.status === 200 ? (JSON.parse(answer.body) as Seen) : undefined;
  }

  /** Starts a client that never stops. */
  public async client(address: string, port: number, options: ClientOptions = {}): Promise<Client> {
    const { interval = 50, stays = true, path = "/", source } = options;
    const words = [address, String(port), String(interval), stays ? "both" : "new", path, ...(source ? [source] : [])];
    const command = [...YIELDING, process.execPath, program("client"), ...words];
    const child = this.namespace.spawn(this.isOnNode ? joining(command) : command, {
      stdio: ["pipe", "pipe", "inherit"],
    });
    return Client.of(child);
  }
}

/** A client that opens connections until it is stopped. */
export class Client {
  private readonly lines: string[] = [];

  private constructor(private readonly child: ChildProcess) {}

  public static async of(child: ChildProcess): Promise<Client> {
    const client = new Client(child);
    await new Promise<void>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the client ended with ${code}`)));
      if (!child.stdout) return;
      createInterface({ input: child.stdout }).on("line", (line) => {
        client.lines.push(line);
        resolve();
      });
    });
    return client;
  }

  /** Ends it and tells how it went. */
  public async stop(): Promise<Tally> {
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin?.end();
    await ended;
    return JSON.parse(this.lines.at(-1) ?? "{}") as Tally;
  }

  /** Its process, as this machine numbers it. */
  public get pid(): number | undefined {
    return innermost(this.child.pid ?? 0, 1);
  }
}
