import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ProcessLedger } from "../../processes";
import { BARE_ENVIRONMENT, endProcess, innermost, Namespace } from "./namespace";

/**
 * Everything that is real in a network of the sandbox lies in one process namespace, under a process whose standard
 * input is a pipe from the sandbox. Whoever ends the sandbox, by whatever signal, closes the pipe; that process ends, and
 * the kernel ends everything in its namespace with it: programs, networks, mounts, maps and programs of BPF. What is
 * left are empty control groups; the outermost shell takes them away as its last deed.
 *
 * `--norc`, here and elsewhere: a bash whose input is a socket, as pipes of Node.js are, takes itself for a remote shell and
 * reads the start-up files of the user.
 */
const OUTER = `
trap "" TERM INT HUP
mount -t cgroup2 cgroup2 "$1/cgroup"
group="$1/cgroup/sandbox-$$"
mkdir "$group"
unshare --net --mount --pid --uts --fork --kill-child --propagation private bash --norc -c "$INNER" world "$1" "$group"
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
  sleep 0.3
done
`;

/** The first process of the namespace. */
const INNER = `
set -e
mount -t proc proc /proc
mount -t sysfs sysfs /sys 2>/dev/null || true
# Locks and sockets of programs in here are their own.
mount -t tmpfs -o mode=755 run /run
hostname vpc
ip link set lo up
mkdir -p "$1/disk"
mount -t tmpfs -o mode=755 disk "$1/disk"
echo ready
# A shell takes in orphans, and ends with its input.
while read -r _; do :; done
`;

/** How long its first process gets to see that its input is at an end, in milliseconds. */
const GRACE = 3_000;

/** The namespaces that hold a VPC and everything in it. */
export class World {
  private constructor(
    private readonly holder: ChildProcess,
    /** Where its processes are in, with its network: that of the VPC. */
    public readonly namespace: Namespace,
    /** A directory that lasts as long as the world, in its memory: the disks of the nodes. Only seen from within. */
    public readonly disk: string,
    /** Control group that holds those of the nodes. Only seen from within. */
    public readonly group: string,
  ) {}

  /** @param directory A directory of its own. @throws Error where the machine does not allow it. */
  public static async start(directory: string, name: string, ledger: ProcessLedger): Promise<World> {
    mkdirSync(join(directory, "cgroup"), { recursive: true });
    const log = openSync(join(directory, "world.log"), "a");
    const holder = spawn(
      "unshare",
      ["--mount", "--propagation", "private", "bash", "--norc", "-c", OUTER, "world", directory],
      {
        env: { ...BARE_ENVIRONMENT, INNER },
        stdio: ["pipe", "pipe", log],
        detached: true,
      },
    );
    const pid = holder.pid ?? 0;
    if (pid > 0) ledger.add(`${name} nodes`, pid);
    holder.once("exit", () => ledger.remove(pid));
    const first = await new Promise<string>((resolve, reject) => {
      holder.once("error", reject);
      holder.once("exit", () => reject(new Error(`the nodes' namespaces cannot be made; see ${directory}/world.log`)));
      if (holder.stdout) createInterface({ input: holder.stdout }).once("line", resolve);
    });
    // bash → unshare → the first process
    const init = innermost(pid, 2);
    if (first !== "ready" || init === undefined) throw new Error(`the nodes' namespaces say '${first}'`);
    const group = `${directory}/cgroup/sandbox-${pid}`;
    return new World(holder, new Namespace(init), join(directory, "disk"), group);
  }

  /** Ends everything in it, and returns when nothing is left. */
  public async stop(): Promise<void> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) return;
    const ended = new Promise((resolve) => this.holder.once("exit", resolve));
    this.holder.stdin?.end();
    const timer = setTimeout(() => endProcess(this.namespace.pid, "SIGKILL"), GRACE);
    await ended;
    clearTimeout(timer);
  }
}
