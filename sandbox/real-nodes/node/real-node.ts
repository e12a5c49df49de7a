import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endProcess, innermost, Namespace } from "../namespaces/namespace";
import type { World } from "../namespaces/world";
import { BOOT_SCRIPT, CNI_TEMPLATE, CONTAINERD_CONFIG, KUBELET, SYSTEMCTL } from "./boot-script";

/** Largest packet of Google's networks by default, in bytes. https://cloud.google.com/vpc/docs/mtu */
export const MTU = 1460;

/** What a node is made with. */
export interface NodeMachine {
  readonly name: string;
  /** Its place on the links of the VPC: no other node there has it. */
  readonly index: number;
  readonly address: string;
  readonly podCidr: string;
  /** The subnetwork's first address, at which the VPC answers. */
  readonly gateway: string;
  /** Version of the kubelet, e.g. `v1.33.13-gke.1000`. */
  readonly kubeletVersion: string;
  /** Whether GKE's own source NAT is on (`ip-masq-agent`'s rules). */
  readonly masquerade: boolean;
  /** kube-proxy's static pod and how it logs in; none where Google's own dataplane takes its place. */
  readonly kubeProxy?: { readonly manifest: string; readonly kubeconfig: string };
}

/** What nodes take of the machine. */
export interface NodePrograms {
  /** Directory with what Cilium's image holds, as from the root of its file system. */
  readonly ciliumImage: string;
  /** Whether that is a whole file system, which needs nothing of the machine's. */
  readonly imageIsWhole: boolean;
  /** CNI plugins by name. */
  readonly plugins: Readonly<Record<string, string>>;
}

/** A node: processes, network, mounts, control group and host name of its own, and a disk that outlives reboots. */
export class RealNode {
  private process: ChildProcess | undefined;
  private current: Namespace | undefined;
  /** Counts boots. */
  public boots = 0;

  public constructor(
    public readonly machine: NodeMachine,
    private readonly world: World,
    private readonly programs: NodePrograms,
    /** Directory for logs, on this machine. */
    private readonly logs: string,
  ) {}

  /** Where its programs run. @throws Error while it is down. */
  public get namespace(): Namespace {
    if (!this.current) throw new Error(`node ${this.machine.name} is down`);
    return this.current;
  }

  public get isUp(): boolean {
    return this.current !== undefined;
  }

  /** Name of its link in the VPC. */
  public get link(): string {
    return `n${this.machine.index}`;
  }

  /**
   * A file of the node, as this machine reaches it. Only while the node is up, and only by a path without links: those
   * lead to this machine's own files.
   */
  public file(path: string): string {
    return join(`/proc/${this.namespace.pid}/root`, path);
  }

  /** Log of something that runs on the node. */
  public log(name: string): string {
    mkdirSync(this.logs, { recursive: true });
    return join(this.logs, `${name}.log`);
  }

  public async boot(): Promise<void> {
    const { machine, world, programs } = this;
    const disk = `${world.disk}/${machine.name}`;
    const group = `${world.group}/${machine.name}`;
    const script = `mkdir -p ${disk} ${group}; echo $$ >${group}/cgroup.procs; exec unshare --net --mount --pid --uts --cgroup --fork --kill-child --propagation private bash --norc -c "$BOOT_SCRIPT"`;
    const child = world.namespace.spawn(["bash", "--norc", "-c", script], {
      env: { ...process.env, ...this.environment(disk), IMAGE: programs.ciliumImage, BOOT_SCRIPT },
      stdio: ["pipe", "pipe", openSync(this.log("boot"), "a")],
    });
    this.process = child;
    const line = await new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`node ${machine.name} does not boot; see ${this.log("boot")}`)));
      if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
    });
    // nsenter → bash, which becomes unshare → the first process
    const init = innermost(child.pid ?? 0, 2);
    if (line !== "booted" || init === undefined) throw new Error(`node ${machine.name} says '${line}' when it boots`);
    this.current = new Namespace(init);
    this.boots += 1;
    await this.connect(init);
  }

  /** Ends everything on it at once, as a power cut does. Its disk stays. */
  public async shutDown(): Promise<void> {
    const { process: child } = this;
    if (!child) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (this.current) endProcess(this.current.pid, "SIGKILL");
    this.current = undefined;
    this.process = undefined;
    if (!isOver) await ended;
  }

  /** Whether its kubelet runs: the program that other programs of the node may replace, stop and start. */
  public get kubeletRuns(): boolean {
    return this.isUp && this.processOf("kubelet.pid");
  }

  /** Whether its container runtime runs. */
  public get runtimeRuns(): boolean {
    return this.isUp && existsSync(this.file("/run/sandbox/containerd.running"));
  }

  private processOf(file: string): boolean {
    try {
      const pid = readFileSync(this.file(`/run/sandbox/${file}`), "utf8").trim();
      return pid !== "" && existsSync(this.file(`/proc/${pid}`));
    } catch {
      return false;
    }
  }

  private environment(disk: string): NodeJS.ProcessEnv {
    const { machine, programs } = this;
    return {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      DISK: disk,
      IMAGE_IS_WHOLE: programs.imageIsWhole ? "1" : "0",
      NAME: machine.name,
      ADDRESS: machine.address,
      GATEWAY: machine.gateway,
      POD_CIDR: machine.podCidr,
      MTU: String(MTU),
      PLUGINS: Object.entries(programs.plugins)
        .map((entry) => entry.join("="))
        .join("\n"),
      KUBELET,
      KUBELET_VERSION: machine.kubeletVersion,
      SYSTEMCTL,
      CONTAINERD_CONFIG,
      CNI_TEMPLATE,
      MASQUERADE: machine.masquerade ? "1" : "0",
      KUBE_PROXY_MANIFEST: machine.kubeProxy?.manifest ?? "",
      KUBE_PROXY_KUBECONFIG: machine.kubeProxy?.kubeconfig ?? "",
    };
  }

  /** Plugs the node into the VPC: a link that no other node shares, its address and its pods' range routed to it. */
  private async connect(init: number): Promise<void> {
    const { machine, link } = this;
    const vpc = this.world.namespace.only("net");
    const lines = [
      `link add ${link} mtu ${MTU} type veth peer name eth0 mtu ${MTU} netns ${init}`,
      `link set ${link} up`,
      // What the router sends of itself comes from the gateway of the node's own subnetwork.
      `route replace ${machine.address}/32 dev ${link} src ${machine.gateway}`,
      `route replace ${machine.podCidr} via ${machine.address} dev ${link} onlink src ${machine.gateway}`,
    ];
    // A link that is left of an earlier boot goes with its network, a moment after its processes.
    await vpc.run(["ip", "link", "delete", link]);
    await vpc.check(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
    await this.world.namespace.shell(`sysctl -qw net.ipv4.conf.${link}.proxy_arp=1 net.ipv4.conf.${link}.rp_filter=0`);
  }
}
