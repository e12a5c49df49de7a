import { mkdirSync } from "node:fs";
import { canListen, freePort, type ProcessLedger, Program } from "../../processes";
import type { Connection } from "../client";
import { KubernetesClient } from "../client";
import {
  apiServerArguments,
  type ControlPlaneSettings,
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
} from "./arguments";
import type { ClusterFiles } from "./files";

/** Programs that a control plane runs, in the order in which they start. They stop in the opposite order. */
export const CONTROL_PLANE_PROGRAMS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
export type ControlPlaneProgram = (typeof CONTROL_PLANE_PROGRAMS)[number];

const NODE_LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
/** Those that work on what the API server tells them. */
const WATCHING: readonly ControlPlaneProgram[] = ["kube-controller-manager", "kube-scheduler", "kwok"];

/** A first start on a busy machine takes a while; a good one takes five seconds. */
const START_TIMEOUT = 300_000;

const ARGUMENTS: Record<ControlPlaneProgram, (settings: ControlPlaneSettings) => string[]> = {
  etcd: etcdArguments,
  "kube-apiserver": apiServerArguments,
  "kube-controller-manager": controllerManagerArguments,
  "kube-scheduler": schedulerArguments,
  kwok: kwokArguments,
};

/** The real programs of one cluster's control plane. */
export class ControlPlane {
  public readonly client: KubernetesClient;
  private readonly programs: ReadonlyMap<ControlPlaneProgram, Program>;

  public constructor(
    label: string,
    private readonly settings: ControlPlaneSettings,
    connection: Connection,
    paths: Readonly<Record<ControlPlaneProgram, string>>,
    ledger: ProcessLedger,
  ) {
    this.client = new KubernetesClient(connection);
    this.programs = new Map(
      CONTROL_PLANE_PROGRAMS.map((name) => [
        name,
        new Program({
          name: `${label} ${name}`,
          command: paths[name],
          args: ARGUMENTS[name](settings),
          environment: programEnvironment(),
          log: settings.files.log(name),
          ledger,
        }),
      ]),
    );
  }

  public get files(): ClusterFiles {
    return this.settings.files;
  }

  /** Resolves when the API server is ready and everything else has been started. */
  public async start(): Promise<void> {
    mkdirSync(this.files.etcd, { recursive: true, mode: 0o700 });
    await this.program("etcd").start();
    const server = this.program("kube-apiserver");
    await server.start();
    await server.ready(() => this.client.isReady(), START_TIMEOUT);
    // They name the KWOK that keeps them; another one waits until they expire before it touches a node.
    if (!this.program("kwok").isRunning) await this.client.delete(NODE_LEASES);
    for (const name of CONTROL_PLANE_PROGRAMS) await this.program(name).start();
  }

  /**
   * Starts the API server again after it was killed. The programs that watch it are started anew as well: they look for
   * it less and less often the longer it is away.
   */
  public async restartApiServer(): Promise<void> {
    await Promise.all(WATCHING.map((name) => this.program(name).stop()));
    await this.start();
  }

  public async stop(): Promise<void> {
    for (const name of [...CONTROL_PLANE_PROGRAMS].reverse()) await this.program(name).stop();
    this.client.close();
  }

  /** One of its programs: to look at, or to break it in a test. */
  public program(name: ControlPlaneProgram): Program {
    return this.programs.get(name)!;
  }
}

/** The ports that a cluster had before where they are free, else others. */
export async function choosePorts(before?: { apiPort: number; etcdPort: number }): Promise<{
  apiPort: number;
  etcdPort: number;
}> {
  if (before && (await canListen("127.0.0.1", before.apiPort)) && (await canListen("127.0.0.1", before.etcdPort)))
    return before;
  return { apiPort: await freePort(), etcdPort: await freePort() };
}

/**
 * Collects garbage less often: of an API server's time at work, a quarter went into that (its own profile). The limit bounds
 * what it costs in memory.
 */
const GARBAGE = { GOGC: "400", GOMEMLIMIT: "768MiB" } as const;

/** No proxy and no credentials of the user's: a control plane talks to loopback only. */
function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ } = process.env;
  const own = { ...(TMPDIR ? { TMPDIR } : {}), ...(TZ ? { TZ } : {}), PATH, HOME };
  return { ...own, ...GARBAGE, NO_PROXY: "127.0.0.1,localhost" };
}
