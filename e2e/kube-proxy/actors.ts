import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { enteredProcess, eventually, type FakeNode } from "./fake-node";

/** A line of a script's log. */
export interface LogLine {
  readonly time: string;
  readonly severity: "INFO" | "WARNING" | "ERROR";
  readonly event: string;
  readonly node: string;
  readonly message: string;
  readonly remedy?: string;
}

export const AGENT_PORT = 9879;
export const HEALTHZ_PORT = 10256;

/** Answers of the real ones: kube-proxy 1.33 (KEP-3836) and Cilium 1.20, each on /healthz of port 10256. */
const KUBE_PROXY_ANSWER =
  '{"lastUpdated":"2026-11-22T08:00:00Z","currentTime":"2026-11-22T08:00:00Z","nodeEligible":true,"healthy":true}';
const CILIUM_ANSWER = '{"lastUpdated": "2026-11-22 08:00:00 +0000 UTC","currentTime": "2026-11-22 08:00:00 +0000 UTC"}';

/** A process of a node that can be ended. */
export class Actor {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts a Node.js program within the node and waits for it to say that it is up. */
  public static async start(node: FakeNode, program: string): Promise<Actor> {
    const child = node.start([process.execPath, "-e", program]);
    await new Promise<void>((resolve, reject) => {
      child.stdout!.once("data", () => resolve());
      child.once("exit", (status) => reject(new Error(`the actor ended (${status})`)));
    });
    return new Actor(child);
  }

  /** Ends it, and returns when its ports are free. */
  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    process.kill(enteredProcess(this.child), "SIGKILL");
    await ended;
  }
}

const IDLE = 'console.log("up"); setInterval(() => {}, 1000);';
const serve = (port: number, status: number, body: string) =>
  `require("node:http").createServer((request, response) => {
     response.statusCode = request.url === "/healthz" ? ${status} : 404;
     response.end(${JSON.stringify(body)});
   }).listen(${port}, "127.0.0.1", () => console.log("up"));`;

/** A kube-proxy: its name as the kernel has it, and its health check where it got the port. */
export function startKubeProxy(node: FakeNode, { healthCheck = true } = {}): Promise<Actor> {
  const program = healthCheck ? serve(HEALTHZ_PORT, 200, KUBE_PROXY_ANSWER) : IDLE;
  return Actor.start(node, `process.title = "kube-proxy"; ${program}`);
}

/** A kube-proxy of a cluster within a pod: same name and port, other network. */
export function startNestedKubeProxy(node: FakeNode): Promise<Actor> {
  const inner = `process.title = "kube-proxy"; ${IDLE}`;
  return Actor.start(
    node,
    `require("node:child_process").spawn("unshare", ["--net", "sh", "-c",
       'ip link add eth0 type veth peer name peer0 && exec "$0" -e "$1"', process.execPath, ${JSON.stringify(inner)}],
       { stdio: ["ignore", "inherit", "inherit"] });`,
  );
}

/** Cilium's agent health. */
export function startAgent(node: FakeNode, status = 200): Promise<Actor> {
  return Actor.start(node, serve(AGENT_PORT, status, ""));
}

/** Cilium's health check in kube-proxy's place. */
export function startReplacementHealthCheck(node: FakeNode, status = 200): Promise<Actor> {
  return Actor.start(node, serve(HEALTHZ_PORT, status, CILIUM_ANSWER));
}

/** Asks port 10256 twenty times a second, with a new connection each time. */
export class HealthChecker {
  private readonly answers: { readonly at: number; readonly by: string }[] = [];

  public static async start(node: FakeNode): Promise<HealthChecker> {
    const child = node.start([process.execPath, "-e", HEALTH_CHECKER]);
    const checker = new HealthChecker();
    await new Promise<void>((resolve) => {
      createInterface(child.stdout!).on("line", (line) => {
        checker.answers.push(JSON.parse(line) as { at: number; by: string });
        resolve();
      });
    });
    return checker;
  }

  /** Who answered last: `kube-proxy`, `agent` or `nobody`. */
  public get last(): string {
    return this.answers.at(-1)?.by ?? "nobody";
  }

  /** Who answered, one after the other. */
  public sequence(): string[] {
    return this.answers.map(({ by }) => by).filter((by, index, all) => by !== all[index - 1]);
  }

  /** The longest time without a good answer, in milliseconds. */
  public longestGap(): number {
    let gap = 0;
    let good = this.answers[0]?.at ?? 0;
    for (const { at, by } of this.answers) {
      gap = Math.max(gap, at - good);
      if (by !== "nobody") good = at;
    }
    return gap;
  }
}

const HEALTH_CHECKER = `
  const http = require("node:http");
  setInterval(() => {
    const tell = (by) => console.log(JSON.stringify({ at: Date.now(), by }));
    const request = http.get({ port: ${HEALTHZ_PORT}, host: "127.0.0.1", path: "/healthz", agent: false, timeout: 1000 }, (response) => {
      let text = "";
      response.on("data", (data) => { text += data; });
      response.on("end", () => tell(response.statusCode !== 200 ? "nobody" : text.includes("nodeEligible") ? "kube-proxy" : "agent"));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => tell("nobody"));
  }, 50);`;

/** The main loop at work, with short times. */
export class Loop {
  public readonly lines: LogLine[] = [];
  /** Whatever is no JSON, and everything on stderr. */
  public readonly noise: string[] = [];
  public exitStatus: number | null | undefined;
  private readonly child: ChildProcess;

  public constructor(
    private readonly node: FakeNode,
    mode: "disable" | "restore",
    { environment = {}, busybox = false }: { environment?: Record<string, string>; busybox?: boolean } = {},
  ) {
    const times = {
      INTERVAL_SECONDS: "1",
      BUSY_SECONDS: "1",
      GRACE_SECONDS: "60",
      HANDOVER_SECONDS: "60",
      RULES_SECONDS: "0",
      SERVED_SECONDS: "0",
    };
    this.child = node.startScript("kube-proxy-disabler.sh", [mode], {
      environment: { ...times, ...environment },
      busybox,
    });
    this.child.once("exit", (status) => {
      this.exitStatus = status;
    });
    createInterface(this.child.stdout!).on("line", (line) => {
      try {
        this.lines.push(JSON.parse(line) as LogLine);
      } catch {
        this.noise.push(line);
      }
    });
    createInterface(this.child.stderr!).on("line", (line) => this.noise.push(line));
  }

  public events(): string[] {
    return this.lines.map((line) => line.event);
  }

  public line(event: string): LogLine | undefined {
    return this.lines.find((line) => line.event === event);
  }

  /** What the readiness probe says: undefined when it is content. */
  public reason(): string | undefined {
    const { status, stdout } = this.node.script("kube-proxy-disabler.sh", ["ready"]);
    return status === 0 ? undefined : stdout.trim();
  }

  public isAlive(): boolean {
    return (
      this.node.script("kube-proxy-disabler.sh", ["alive"], { environment: { INTERVAL_SECONDS: "1" } }).status === 0
    );
  }

  public async logged(event: string, times = 1): Promise<LogLine> {
    const seen = () => this.lines.filter((line) => line.event === event);
    await eventually(`${event} (${times}), logged so far: ${this.events().join(" ")}`, () => seen().length >= times);
    return seen()[times - 1]!;
  }

  public async ready(): Promise<void> {
    await eventually("ready", () => this.node.has("state/ready"));
  }

  public async notReady(reason: RegExp): Promise<void> {
    await eventually(
      `not ready for ${reason}`,
      () => !this.node.has("state/ready") && reason.test(this.reason() ?? ""),
    );
  }

  /** Some rounds more, to see that nothing happens. */
  public async rounds(count = 3): Promise<void> {
    let beat = "";
    for (let round = 0; round < count; round += 1) {
      await eventually("the loop turns", () => this.node.read("state/heartbeat") !== beat);
      beat = this.node.read("state/heartbeat");
    }
  }

  /** What the kubelet does to a pod that is deleted or updated. */
  public async terminate(): Promise<void> {
    process.kill(enteredProcess(this.child), "SIGTERM");
    await eventually("the loop ends", () => this.exitStatus !== undefined, 5);
  }
}
