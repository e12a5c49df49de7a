import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageFile } from "../../lib/package-files";
import { findProgram, PATH } from "./prerequisites";

/** All that the scripts may call, besides iptables: what the image has for certain. */
const TOOLS = ["bash", "cat", "cp", "grep", "mktemp", "mv", "rm", "sed", "sleep", "timeout", "tr"] as const;
const RULESETS = ["iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy"] as const;
/** A family of rules in a backend, by the name of its programs. */
export type Ruleset = (typeof RULESETS)[number];
export const ALL_RULESETS: readonly Ruleset[] = RULESETS;

/** Counters that the real kube-proxy makes before it writes rules that use them. */
const NFACCT_OBJECTS = ["ct_state_invalid_dropped_pkts", "localhost_nps_accepted_pkts"];

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ContainerOptions {
  /** Linux capabilities besides none. */
  readonly capabilities?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Busybox in place of the machine's own tools. */
  readonly busybox?: boolean;
}

/** The capabilities of the DaemonSet's container. */
const CAPABILITIES = ["net_admin", "net_raw"];

/**
 * A node of its own: network, processes and mounts apart from the machine's, the root file system read-only but for
 * {@link directory}, where the host's directories are.
 */
export class FakeNode {
  public static async boot(): Promise<FakeNode> {
    const directory = mkdtempSync(join(tmpdir(), "kube-proxy-node-"));
    for (const name of ["manifests", "saved", "source", "state", "tools", "busybox"]) mkdirSync(join(directory, name));
    writeFileSync(join(directory, "xtables.lock"), "");
    for (const tool of [...TOOLS, ...RULESETS.flatMap((name) => [`${name}-save`, `${name}-restore`])]) {
      const program = findProgram(tool);
      if (program === undefined) throw new Error(`${tool} is missing`);
      symlinkSync(program, join(directory, "tools", tool));
      const isApplet = (TOOLS as readonly string[]).includes(tool) && tool !== "bash";
      symlinkSync(isApplet ? (findProgram("busybox") ?? program) : program, join(directory, "busybox", tool));
    }
    const setUp = [
      "set -e",
      "mount -t proc proc /proc",
      "ip link set lo up",
      `mount --bind ${directory} ${directory}`,
      "touch /run/xtables.lock",
      `mount --bind ${directory}/xtables.lock /run/xtables.lock`,
      "mount -o remount,bind,ro /",
      `for object in ${NFACCT_OBJECTS.join(" ")}; do nfacct add $object; done`,
      "echo booted",
      "exec sleep infinity",
    ].join("\n");
    const holder = spawn("unshare", ["--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", setUp], {
      env: { ...process.env, PATH },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once("data", () => resolve());
      holder.once("exit", (status) => reject(new Error(`the node did not boot (${status})`)));
    });
    return new FakeNode(directory, holder, String(enteredProcess(holder)));
  }

  private constructor(
    /** Holds manifests, saved, source and state: see {@link path}. */
    public readonly directory: string,
    private readonly holder: ChildProcess,
    private readonly init: string,
  ) {}

  /** A file of the host, e.g. `manifests/kube-proxy.manifest`. */
  public path(name: string): string {
    return join(this.directory, name);
  }

  public has(name: string): boolean {
    return existsSync(this.path(name));
  }

  public read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  public write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** Ends every process of the node. */
  public shutDown(): void {
    this.holder.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Runs a program as the node's root and expects it to succeed. */
  public root(command: readonly string[], input = ""): string {
    const result = spawnSync("nsenter", this.enter(command), {
      input,
      env: { ...process.env, PATH },
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    if (result.status !== 0) throw new Error(`${command.join(" ")}: ${result.stderr}`);
    return result.stdout;
  }

  /** Starts a program as the node's root, in the background. */
  public start(command: readonly string[]): ChildProcess {
    const child = spawn("nsenter", this.enter(command), {
      env: { ...process.env, PATH },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end();
    return child;
  }

  /** Adds rules, in the words of iptables-restore. */
  public load(ruleset: Ruleset, rules: string): void {
    this.root([`${ruleset}-restore`, "--noflush"], rules);
  }

  /** The rules line by line, without the comments and packet counters that change by themselves. */
  public dump(ruleset: Ruleset): string[] {
    return this.root([`${ruleset}-save`])
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.replace(/ \[\d+:\d+\]$/, ""));
  }

  /** All rulesets, by name. */
  public dumps(): Record<string, string[]> {
    return Object.fromEntries(RULESETS.map((ruleset) => [ruleset, this.dump(ruleset)]));
  }

  /** Runs one of the scripts as its container does: few capabilities, few tools, read-only root file system. */
  public script(name: string, args: readonly string[], options: ContainerOptions = {}): Outcome {
    const { command, environment } = this.container(name, args, options);
    const result = spawnSync("nsenter", this.enter(command), {
      env: environment,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return { status: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  /** The same in the background. */
  public startScript(name: string, args: readonly string[], options: ContainerOptions = {}): ChildProcess {
    const { command, environment } = this.container(name, args, options);
    return spawn("nsenter", this.enter(command), { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  }

  private container(name: string, args: readonly string[], options: ContainerOptions) {
    const bounding = ["-all", ...(options.capabilities ?? CAPABILITIES).map((capability) => `+${capability}`)].join(
      ",",
    );
    const setpriv = ["setpriv", `--bounding-set=${bounding}`, "--inh-caps=-all", "--no-new-privs", "--"];
    const environment = {
      PATH: this.path(options.busybox === true ? "busybox" : "tools"),
      NODE_NAME: "node-1",
      HOST_PROC: "/proc",
      MANIFEST_DIR: this.path("manifests"),
      SAVED_DIR: this.path("saved"),
      SOURCE_DIR: this.path("source"),
      STATE_DIR: this.path("state"),
      TMPDIR: this.path("state"),
      ...options.environment,
    };
    // nsenter and setpriv are of the machine; what they start sees the container's environment only.
    const script = ["bash", packageFile(`lib/kube-proxy/${name}`), ...args];
    const command = [
      findProgram(setpriv[0]!)!,
      ...setpriv.slice(1),
      findProgram("env")!,
      "-i",
      ...Object.entries(environment).map(([key, value]) => `${key}=${value}`),
      ...script,
    ];
    return { command, environment: { PATH } };
  }

  private enter(command: readonly string[]): string[] {
    return ["--target", this.init, "--net", "--mount", "--pid", "--", ...command];
  }
}

/** The process that nsenter or unshare started, as the machine numbers it. */
export function enteredProcess(child: ChildProcess): number {
  return Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim());
}

/** A file of real kube-proxy rules, see fixtures/README.md. */
export function fixture(name: string): string {
  return readFileSync(packageFile(`e2e/kube-proxy/fixtures/${name}`), "utf8");
}

/** What the real kube-proxy 1.33 writes into a ruleset. */
export function kubeProxyRules(ruleset: Ruleset): string {
  if (ruleset.startsWith("ip6")) return fixture("kube-proxy-1.33-ip6-legacy.rules");
  return fixture(ruleset.endsWith("nft") ? "kube-proxy-1.33-nft.rules" : "kube-proxy-1.33-legacy.rules");
}

/** Polls until something holds, or fails with what was expected. */
export async function eventually(what: string, holds: () => boolean, seconds = 40): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(50);
  }
}
