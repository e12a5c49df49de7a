import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Asked } from "./asked";
import { type LiveContext, say } from "./context";
import { Failure, failureOf } from "./failure";
import { KubeApi } from "./kube-api";
import { writeKubeconfig } from "./kubeconfig";

const PATIENCE_MS = 15_000;
const TOOL_REMEDY = "gcloud components install kubectl, or https://kubernetes.io/docs/tasks/tools/";

/** What a program came to. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl, logged in to one cluster, and everything it started: all of it ends with {@link Kubectl.close}. */
export class Kubectl {
  private readonly children = new Set<ChildProcess>();
  private readonly atExit = () => this.end();

  private constructor(
    /** Goes with {@link Kubectl.close}; only this user may look into it. */
    public readonly directory: string,
    private readonly login: readonly string[],
    private readonly context: LiveContext,
  ) {
    // Also where the process ends in a way that runs no `finally`.
    process.on("exit", this.atExit);
  }

  /**
   * @param kubeContext A context of the user's own kubeconfig, in place of the login that the environment describes.
   * @throws Failure
   */
  public static async open(asked: Asked, context: LiveContext, kubeContext?: string): Promise<Kubectl> {
    // Only its owner may enter: the socket in it speaks for whoever is logged in.
    const directory = mkdtempSync(join(context.temporary, "gke-cilium-"));
    try {
      const { cluster, location, project, endpoint } = asked;
      say(
        context,
        kubeContext === undefined
          ? `logging in to ${cluster} (${location}, ${project}) by its ${endpoint} endpoint`
          : `logging in by the context ${kubeContext}`,
      );
      const login =
        kubeContext === undefined
          ? ["--kubeconfig", await writeKubeconfig(directory, asked, context)]
          : ["--context", kubeContext];
      return new Kubectl(directory, login, context);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** The API server, by `kubectl proxy` on a socket that only this user can open. @throws Failure */
  public async api(): Promise<KubeApi> {
    // Node has no Unix sockets on Windows.
    const socket = process.platform === "win32" ? undefined : join(this.directory, "api");
    const child = this.start(["proxy", ...(socket ? [`--unix-socket=${socket}`] : ["--port=0"])]);
    const line = await firstLine(child, /Starting to serve on (.*)/, "kubectl proxy");
    const address = line.replace(/^.*Starting to serve on /, "").trim();
    const api = new KubeApi(socket ? { socketPath: socket } : hostOf(address), this.context.signal);
    await api.check();
    return api;
  }

  /** Starts kubectl and leaves it running. */
  public start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const { variables } = this.context;
    const program = variables["KUBECTL"] || "kubectl";
    say(this.context, `kubectl ${args.map(quoted).join(" ")}`);
    const child = spawn(program, [...this.login, ...args], {
      env: variables as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C is sent to the whole group: what cleans up afterwards still needs the way to the cluster.
      detached: process.platform !== "win32",
      ...options,
    });
    this.children.add(child);
    child.once("close", () => this.children.delete(child));
    return child;
  }

  /** Runs kubectl to its end. @throws Failure where there is no kubectl, or it takes too long. */
  public run(args: readonly string[], patience = PATIENCE_MS): Promise<Ended> {
    const child = this.start(args);
    return new Promise((resolve, reject) => {
      let stdout = "";
      let stderr = "";
      const timer = setTimeout(() => {
        child.kill();
        reject(new Failure("reach", `kubectl ${args[0]} did not end in ${patience / 1000} s`, "try again"));
      }, patience);
      child.stdout?.on("data", (chunk: Buffer) => {
        stdout += chunk;
      });
      child.stderr?.on("data", (chunk: Buffer) => {
        stderr += chunk;
      });
      child.once("error", (error) => {
        clearTimeout(timer);
        reject(notStarted(error));
      });
      child.once("close", (code) => {
        clearTimeout(timer);
        resolve({ code: code ?? 1, stdout, stderr });
      });
    });
  }

  /** Ends everything that was started and takes the login away. */
  public close(): void {
    process.off("exit", this.atExit);
    this.end();
  }

  private end(): void {
    for (const child of this.children) child.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The first line that matches what a program prints. @throws Failure where it ends before it. */
export function firstLine(child: ChildProcess, pattern: RegExp, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let complaint = "";
    const timer = setTimeout(
      () => reject(new Failure("reach", `${name} is not ready after ${PATIENCE_MS / 1000} s`, "try again")),
      PATIENCE_MS,
    );
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk;
      const line = printed.split("\n").find((each) => pattern.test(each));
      if (line !== undefined) settle(() => resolve(line));
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk;
    });
    child.once("error", (error) => settle(() => reject(notStarted(error))));
    child.once("close", () => settle(() => reject(failureOf(complaint, name))));
  });
}

function notStarted(error: Error): Failure {
  return (error as NodeJS.ErrnoException).code === "ENOENT"
    ? new Failure("tool", "kubectl is not on the PATH", TOOL_REMEDY)
    : new Failure("tool", `kubectl does not start: ${error.message}`, TOOL_REMEDY);
}

function hostOf(address: string): { readonly host: string; readonly port: number } {
  const [host = "127.0.0.1", port = "0"] = address.split(":");
  return { host, port: Number(port) };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`;
}
