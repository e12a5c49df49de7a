import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { GoogleCloudSimulator, type OperationPace, SANDBOX_ACCESS_TOKEN, SANDBOX_USER } from "../gcp";
import { type Cluster, LocalKubernetes } from "../kubernetes";
import { CertificateAuthority } from "../pki";
import { canListen, ProcessLedger } from "../processes";
import { type OutsideHost, SandboxProxy } from "../proxy";
import { findRealNodes } from "../real-nodes";
import { type Reporter, terminalReporter } from "../terminal";
import {
  ciliumChart,
  ciliumCrds,
  ensure,
  kwokStages,
  type RunResult,
  run,
  SANDBOX_PROGRAMS,
  type ToolchainOptions,
} from "../toolchain";
import { ChartArchives, type ChartSupply, namedCharts, supplyCharts } from "./charts";
import { sandboxEnvironment, sandboxVariables } from "./environment";
import { SandboxFiles } from "./files";
import { GoogleAdmin } from "./google-admin";
import { endInstance, lastInstance, runningInstance, writeInstance } from "./instance";
import { writeLogin } from "./login";
import type { ClusterReference, StackFacts } from "./stacks";
import type { Tools } from "./tools";

export interface SandboxOptions {
  /** Directory for everything that the sandbox keeps. One sandbox at a time runs on it; others may run beside it. */
  readonly directory: string;
  /** Who may call Google and log in to clusters: account by access token. @default one user, see `../gcp/options` */
  readonly users?: Readonly<Record<string, string>>;
  /**
   * Who else may, and do no more than their roles allow, in Google's API and in the clusters: account by access token.
   *
   * @default nobody
   */
  readonly accounts?: Readonly<Record<string, string>>;
  /** How long operations of the simulated cloud take. @default none: they are done when they are answered */
  readonly pace?: OperationPace;
  /** Where progress goes. @default a terminal reporter on standard error */
  readonly reporter?: Reporter;
  /** Where built programs are kept. @default the user's cache directory */
  readonly cache?: string;
  /** Where variables such as `SANDBOX_CHARTS` are read. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A simulated Google Cloud with real Kubernetes behind its clusters, and the one way out that leads nowhere. */
export class Sandbox {
  private constructor(
    public readonly files: SandboxFiles,
    /** The simulated cloud: its requests, resources, faults and operations. */
    public readonly google: GoogleCloudSimulator,
    /** The clusters with their control planes. */
    public readonly kubernetes: LocalKubernetes,
    /** Address of the simulated cloud. */
    public readonly url: string,
    /** Address of the proxy. */
    public readonly proxyUrl: string,
    /** Token that Terraform logs in with. */
    public readonly accessToken: string,
    private readonly proxy: SandboxProxy,
    private readonly charts: ChartArchives,
    private readonly programs: Readonly<Record<"kubectl", string>>,
    private readonly options: ToolchainOptions,
  ) {}

  /**
   * Starts a sandbox, with everything that an earlier one left in its directory. What has to be built first is built,
   * which takes some eight minutes once.
   *
   * @throws Error where one runs on this directory already; ToolchainError where a program cannot be had.
   */
  public static async start(options: SandboxOptions): Promise<Sandbox> {
    const { reporter = terminalReporter(), cache, environment = process.env } = options;
    const toolchain: ToolchainOptions = { reporter, environment, ...(cache ? { cache } : {}) };
    const files = new SandboxFiles(resolve(options.directory));
    const other = runningInstance(files);
    if (other) throw new Error(`a sandbox runs on ${files.directory} already (process ${other.pid})`);
    const userCharts = namedCharts(environment);

    const programs = await ensure(SANDBOX_PROGRAMS, toolchain);
    const [stages, ciliumDefinitions, chart] = await Promise.all([
      kwokStages(toolchain),
      ciliumCrds(toolchain),
      ciliumChart(toolchain),
    ]);
    const ledger = new ProcessLedger(files.ledger);
    const leftovers = await ledger.endLeftovers();
    if (leftovers.length > 0) reporter.line(`  ended what an earlier sandbox left running: ${leftovers.join(", ")}`);

    const machines = await findRealNodes({
      directory: files.ciliumImage,
      version: chart.version,
      networks: files.networks,
      ledger,
      toolchain,
    });

    const machineAuthority = await CertificateAuthority.open(files.pki, "sandbox on this machine");
    writeLogin(files, { kubectl: programs.kubectl, helm: programs.helm });
    const users = options.users ?? { [SANDBOX_ACCESS_TOKEN]: SANDBOX_USER };
    const kubernetes = new LocalKubernetes(files.clusters, {
      programs,
      ledger,
      machineAuthority,
      users,
      ...(options.accounts
        ? {
            accounts: options.accounts,
            permits: (account: string, project: string, permission: string) =>
              google.access.permits(account, project, permission),
          }
        : {}),
      stages,
      ciliumDefinitions,
      setServiceFirewalls: (cluster, rules) => google.setServiceFirewalls(cluster, rules),
      ...(machines ? { machines } : {}),
    });
    const google = new GoogleCloudSimulator({
      stateDirectory: files.google,
      users,
      ...(options.accounts ? { accounts: options.accounts } : {}),
      hooks: kubernetes,
      ...(options.pace ? { pace: options.pace } : {}),
      ...(await formerPort(lastInstance(files)?.google)),
    });
    machines?.readCloud((project) => google.resources(project));
    const charts = new ChartArchives([chart.archive], [...(userCharts ? [userCharts] : []), files.charts]);
    const log = files.log("proxy");
    mkdirSync(dirname(log), { recursive: true });
    const proxy = new SandboxProxy({
      authority: machineAuthority,
      archives: () => charts.list(),
      portOfDnsEndpoint: (host) => kubernetes.portOfDnsEndpoint(host),
      onRequest: (line) => appendFileSync(log, `${new Date().toISOString()} ${line}\n`),
    });
    try {
      const { port = 0 } = await formerPort(lastInstance(files)?.proxy);
      const proxyUrl = await proxy.listen(port);
      await restore(google, kubernetes, reporter);
      const { url } = await google.listen();
      const accessToken = Object.keys(users)[0] ?? SANDBOX_ACCESS_TOKEN;
      writeInstance(files, {
        google: url,
        proxy: proxyUrl,
        accessToken,
        ...(userCharts ? { charts: userCharts } : {}),
      });
      return new Sandbox(files, google, kubernetes, url, proxyUrl, accessToken, proxy, charts, programs, toolchain);
    } catch (error) {
      await proxy.close();
      await kubernetes.stop();
      throw error;
    }
  }

  /** Ends everything that was started. Clusters and the simulated cloud go on where they were at the next start. */
  public async stop(): Promise<void> {
    await this.google.close();
    await this.proxy.close();
    await this.kubernetes.stop();
    endInstance(this.files);
  }

  /**
   * Makes what stacks take for granted: their projects, the buckets of their states, and charts that can be had.
   *
   * @throws Error listing the charts that cannot be had.
   */
  public async prepare(stacks: readonly StackFacts[]): Promise<ChartSupply> {
    return prepare(new GoogleAdmin(this.url, this.accessToken), stacks, this.charts, this.files, this.options);
  }

  /**
   * Environment of a program in the sandbox, e.g. of `terraform` or `cdktf`.
   *
   * @param scope Name of a cache for Helm; programs that run side by side had better not share one.
   * @param accessToken Of whoever it runs as. @default the owner of everything
   */
  public env(tools: Tools, scope?: string, accessToken = this.accessToken): NodeJS.ProcessEnv {
    const { cliConfig, terraform } = tools;
    const variables = sandboxVariables({
      files: this.files,
      google: this.url,
      proxy: this.proxyUrl,
      accessToken,
      cliConfig,
      terraform: terraform.command,
      ...(scope ? { scope } : {}),
    });
    return sandboxEnvironment(variables, this.files, this.options.environment);
  }

  /** Runs cdktf to its end, in a directory with a cdktf.json. */
  public cdktf(tools: Tools, args: readonly string[], directory: string): Promise<RunResult> {
    const [command, ...leading] = tools.cdktf as [string, ...string[]];
    return run(command, [...leading, ...args], { directory, environment: this.env(tools) });
  }

  /** Runs Terraform to its end, in the directory of a stack. */
  public terraform(tools: Tools, args: readonly string[], directory: string): Promise<RunResult> {
    return run(tools.terraform.command, args, { directory, environment: this.env(tools) });
  }

  /** Runs kubectl to its end, logged in to a cluster as administrator. @throws Error where it has no control plane. */
  public kubectl(cluster: ClusterReference, args: readonly string[]): Promise<RunResult> {
    const { kubeconfig } = this.cluster(cluster).files;
    return run(this.programs.kubectl, ["--kubeconfig", kubeconfig, ...args]);
  }

  /** A cluster with its control plane, to look into or to break. @throws Error where there is none. */
  public cluster(reference: ClusterReference): Cluster {
    const cluster = this.kubernetes.find(reference);
    if (cluster) return cluster;
    throw new Error(`there is no cluster ${reference.name} in ${reference.location} of project ${reference.project}`);
  }

  /** Every host that something asked the proxy for. */
  public outsideHosts(): OutsideHost[] {
    return this.proxy.outsideHosts();
  }
}

/** See {@link Sandbox.prepare}; also for a process other than the sandbox's own. */
export async function prepare(
  admin: GoogleAdmin,
  stacks: readonly StackFacts[],
  charts: ChartArchives,
  files: SandboxFiles,
  options: ToolchainOptions,
): Promise<ChartSupply> {
  const supply = await supplyCharts(stacks, charts.list(), files, options);
  for (const { projects, stateBucket } of stacks) {
    for (const project of projects) await admin.createProject(project);
    if (stateBucket && projects[0]) await admin.createBucket(projects[0], stateBucket);
  }
  return supply;
}

async function restore(google: GoogleCloudSimulator, kubernetes: LocalKubernetes, reporter: Reporter): Promise<void> {
  const clusters = google.clusters();
  if (clusters.length === 0) return void (await kubernetes.restore([]));
  const task = reporter.task(`clusters ${clusters.map(({ cluster }) => cluster.name).join(", ")}`);
  task.update("starting again");
  try {
    for (const [cluster, access] of await kubernetes.restore(clusters)) await google.setClusterAccess(cluster, access);
    task.done();
  } catch (error) {
    task.fail();
    throw error;
  }
}

/** The port of an address, if it is still free. */
async function formerPort(address: string | undefined): Promise<{ port?: number }> {
  const port = address ? Number(new URL(address).port) : 0;
  return port && (await canListen("127.0.0.1", port)) ? { port } : {};
}

/** Path of a stack in an output directory of cdktf. */
export function stackDirectory(output: string, stack: string): string {
  return join(output, "stacks", stack);
}
