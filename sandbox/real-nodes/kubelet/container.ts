import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { BARE_ENVIRONMENT, type Ended, endProcess, innermost, Namespace, startedWith } from "../namespaces/namespace";
import { runCommand } from "../namespaces/runner";

/**
 * A command that joins the control group of the node that it is run in before anything else: nsenter leaves it in the
 * machine's, where none of the node's BPF programs are.
 */
export function joining(command: readonly string[]): string[] {
  return ["sh", "-c", 'echo $$ >/sys/fs/cgroup/cgroup.procs; exec "$@"', "join", ...command];
}

/**
 * Runs a program so that it gives way: what runs on nodes has the control plane, which elsewhere has machines of its own, on the
 * same processors, and where that waits, leases are lost and probes fail.
 */
export const YIELDING: readonly string[] = ["nice", "-n", "5"];

/** Variable by which all programs of a container are found. */
const MARK = "SANDBOX_CONTAINER";

/** Directory of a volume on the node and where a container sees it. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** What a container is started with. */
export interface ContainerStart {
  /** Unique on the node for as long as it lasts. */
  readonly id: string;
  /** A process whose namespaces it shares: the node's first one, or that which holds the network of its pod. */
  readonly network: Namespace;
  /** Directories whose files it sees, the first on top; none where it sees the node's own files. */
  readonly layers: readonly string[];
  readonly mounts: readonly Mount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly workingDirectory?: string;
  /** File that its output is appended to. */
  readonly log: string;
}

/**
 * Makes the file system of a container and becomes its program. It joins the node's control group first, as nsenter
 * leaves it in the machine's, where none of the node's BPF programs are.
 * Arguments: id, layers with colons between, working directory, number of mounts; source, target and `ro` or `rw` of
 * each; then the command.
 */
const START = `
set -e
echo $$ >/sys/fs/cgroup/cgroup.procs
id=$1 layers=$2 directory=$3 count=$4
shift 4
prefix=
root=/run/sandbox/containers/$id
if [[ -n $layers ]]; then
  mkdir -p $root/upper $root/work $root/root
  mount -t overlay overlay -o "lowerdir=$layers,upperdir=$root/upper,workdir=$root/work" $root/root
  mkdir -p $root/root/proc $root/root/sys $root/root/dev
  mount --rbind /proc $root/root/proc
  mount --rbind /dev $root/root/dev
  # Without what is mounted below it: who wants the maps of BPF mounts them.
  mount --bind /sys $root/root/sys
  mount --bind /sys/fs/cgroup $root/root/sys/fs/cgroup
  mount -t tmpfs -o mode=755 run $root/root/run
  mkdir -p $root/root/run/lock $root/root/run/sandbox/image
  mount --bind /run/sandbox/image $root/root/run/sandbox/image
  for file in hosts resolv.conf; do cat /etc/$file >$root/root/etc/$file.new; mv -f $root/root/etc/$file.new $root/root/etc/$file; done
  prefix=$root/root
fi
while [[ $count -gt 0 ]]; do
  target=$2
  # A link such as /var/run means a place in the container, not one on the node.
  [[ -z $layers ]] || target=$prefix$(chroot "$prefix" realpath --canonicalize-missing -- "$2")
  if [[ -d $1 ]]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")"; [[ -e $target ]] || : >"$target"; fi
  mount --rbind "$1" "$target"
  [[ $3 == rw ]] || mount -o remount,bind,ro "$target" 2>/dev/null || true
  shift 3
  count=$((count - 1))
done
[[ -z $layers ]] || set -- chroot $root/root env -i -C "$directory" "\${ENVIRONMENT[@]}" "$@"
[[ -n $layers ]] || set -- env -i -C "$directory" "\${ENVIRONMENT[@]}" "$@"
exec "$@"
`;

/** A container's program. */
export class Container {
  /** How it ended, once it has. */
  public exitCode: number | undefined;
  public readonly ended: Promise<number>;
  public readonly startedAt = new Date();

  private constructor(
    private readonly child: ChildProcess,
    private readonly start: ContainerStart,
    private readonly mark: string,
  ) {
    this.ended = new Promise((resolve) => {
      child.once("error", () => resolve(this.end(127)));
      child.once("exit", (code, signal) => resolve(this.end(code ?? (signal === "SIGKILL" ? 137 : 143))));
    });
  }

  public static start(start: ContainerStart): Container {
    const output = openSync(start.log, "a");
    const mark = randomUUID();
    const environment = { ...start.environment, [MARK]: mark };
    const [program, ...args] = commandLine({ ...start, environment }) as [string, ...string[]];
    const child = spawn(program, args, { env: BARE_ENVIRONMENT, stdio: ["ignore", output, output] });
    closeSync(output);
    return new Container(child, start, mark);
  }

  public get isRunning(): boolean {
    return this.exitCode === undefined;
  }

  /** Its program, as this machine numbers it. */
  public get pid(): number | undefined {
    return this.isRunning ? innermost(this.child.pid ?? 0, 1) : undefined;
  }

  /** Runs a command within the container, with its files and its environment. */
  public exec(command: readonly string[], timeout: number): Promise<Ended> {
    const { pid } = this;
    if (pid === undefined) return Promise.resolve({ code: 137, stdout: "", stderr: "the container does not run" });
    const [, ...target] = new Namespace(pid).command([]).slice(0, -1);
    const root = this.start.layers.length > 0 ? ["--root"] : [];
    const inside = ["env", "-i", ...variablesOf(this.start), ...joining(command)];
    const words = ["nsenter", ...target, ...root, "--", ...inside];
    return runCommand(words, { input: "", environment: BARE_ENVIRONMENT, timeout });
  }

  public signal(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid !== undefined) endProcess(pid, signal);
  }

  /** Asks it to end and kills it when the time is over. */
  public async stop(graceSeconds: number): Promise<void> {
    if (!this.isRunning) return;
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), graceSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  /** With a container's first program all others end, as they do in a process namespace of their own. */
  private end(code: number): number {
    this.exitCode = code;
    for (const pid of startedWith(MARK, this.mark)) endProcess(pid, "SIGKILL");
    return code;
  }
}

function commandLine(start: ContainerStart): string[] {
  const { id, network, layers, mounts, command, workingDirectory = "/" } = start;
  const variables = variablesOf(start);
  const words = mounts.flatMap(({ source, target, readOnly }) => [source, target, readOnly ? "ro" : "rw"]);
  // The environment goes into an array of the script: it may hold whole scripts, which must not be split.
  const script = `ENVIRONMENT=("\${@:1:${variables.length}}"); shift ${variables.length}\n${START}`;
  const args = [...variables, id, layers.join(":"), workingDirectory, String(mounts.length), ...words, ...command];
  return network.command([
    ...YIELDING,
    "unshare",
    "--mount",
    "--propagation",
    "slave",
    "bash",
    "--norc",
    "-c",
    script,
    "container",
    ...args,
  ]);
}

function variablesOf({ environment }: ContainerStart): string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}
