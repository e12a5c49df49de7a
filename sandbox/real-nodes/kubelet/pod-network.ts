import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { innermost, Namespace } from "../namespaces/namespace";
import type { RealNode } from "../node/real-node";
import { type Attachment, attach, detach, type PodNetwork } from "./cni";
import type { FullPod } from "./pod";

/** Keeps the network of a pod while its containers come and go. It joins the node's control group like every program. */
const PAUSE =
  'echo $$ >/sys/fs/cgroup/cgroup.procs; exec unshare --net --uts bash --norc -c "hostname $1; exec sleep infinity" pause "$1"';

/** The network of a pod that is not its node's. */
export class PodNetworkHolder {
  private constructor(
    private readonly node: RealNode,
    private readonly process: ChildProcess,
    public readonly namespace: Namespace,
    private readonly network: PodNetwork,
    public readonly attachment: Attachment,
  ) {}

  public get address(): string {
    return this.attachment.address;
  }

  /** @throws Error with what the CNI plugin says; nothing is left then. */
  public static async create(node: RealNode, pod: FullPod): Promise<PodNetworkHolder> {
    const child = node.namespace.spawn(["bash", "--norc", "-c", PAUSE, "pause", pod.metadata.name.slice(0, 63)], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const pid = await ownNetwork(child, node);
    const path = `/proc/${pidInside(pid)}/ns/net`;
    const network: PodNetwork = { pod, id: randomBytes(32).toString("hex"), path };
    try {
      return new PodNetworkHolder(node, child, new Namespace(pid), network, await attach(node, network));
    } catch (error) {
      process.kill(pid, "SIGKILL");
      throw error;
    }
  }

  /** Takes the network away. What a plugin says against it is returned, as there is nobody to mend it. */
  public async remove(): Promise<string | undefined> {
    const complaint = await detach(this.node, this.network, this.attachment).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (this.process.exitCode === null && this.process.signalCode === null) process.kill(this.namespace.pid, "SIGKILL");
    return complaint;
  }
}

/** The process that holds the network, once it has one that is not its node's. */
async function ownNetwork(child: ChildProcess, node: RealNode): Promise<number> {
  const host = readlinkSync(`/proc/${node.namespace.pid}/ns/net`);
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const pid = innermost(child.pid ?? 0, 1);
    if (pid !== undefined && networkOf(pid) !== undefined && networkOf(pid) !== host) return pid;
    await sleep(10);
  }
  throw new Error("the network namespace of the pod cannot be made");
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** The number that a process has in the innermost of its process namespaces. */
export function pidInside(pid: number): number {
  const numbers = readFileSync(`/proc/${pid}/status`, "utf8").match(/^NSpid:\s+(.+)$/m)?.[1] ?? "";
  return Number(numbers.split(/\s+/).at(-1));
}
