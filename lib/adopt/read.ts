import type { GoogleClient } from "../doctor";
import { clusterOptions, nodeAccountOf } from "./cluster-options";
import { dataplaneOf } from "./dataplane";
import type { DataplaneDraft, Draft, PlainMap } from "./draft";
import type { LiveCluster, LivePool, LiveSubnetwork } from "./google";
import { ciliumRelease, type LiveRelease, type Secret } from "./helm-release";
import { apiAddress, readKubernetes } from "./kubernetes-api";
import { networkOptions, subnetworkOf } from "./network-options";
import { poolOptions } from "./pool-options";

type Variables = Readonly<Record<string, string | undefined>>;

/** Which cluster, and what its environment is to be called. */
export interface Subject {
  readonly project: string;
  readonly location: string;
  readonly cluster: string;
  readonly environment: string;
  /** What it is to get where it runs no Cilium. */
  readonly dataplane?: DataplaneDraft["kind"];
}

/** What exists. */
export interface Found {
  readonly cluster: LiveCluster;
  readonly subnetwork: LiveSubnetwork;
  readonly release: LiveRelease | undefined;
}

/** Reads a cluster, its subnet and its release of Cilium. */
export async function readExisting(
  subject: Subject,
  client: GoogleClient,
  token: string,
  variables: Variables,
): Promise<Found> {
  const { project, location, cluster: name } = subject;
  const cluster = await client.get<LiveCluster>(
    "CONTAINER",
    `v1/projects/${encodeURIComponent(project)}/locations/${encodeURIComponent(location)}/clusters/${encodeURIComponent(name)}`,
  );
  const subnet = subnetworkOf(cluster);
  const subnetwork = await client.get<LiveSubnetwork>(
    "COMPUTE",
    `projects/${subnet.project}/regions/${subnet.region}/subnetworks/${subnet.name}`,
  );
  const nodePools = await Promise.all((cluster.nodePools ?? []).map((pool) => withSize(pool, client)));
  return {
    cluster: { ...cluster, nodePools },
    subnetwork,
    release:
      cluster.networkConfig?.datapathProvider === "ADVANCED_DATAPATH"
        ? undefined
        : ciliumRelease(await secrets(cluster, token, variables)),
  };
}

/** Helm keeps what it knows of a release in a Secret of the release's namespace. */
async function secrets(cluster: LiveCluster, token: string, variables: Variables): Promise<readonly Secret[]> {
  const { items } = await readKubernetes<{ items: readonly Secret[] }>(
    apiAddress(cluster),
    token,
    "/api/v1/namespaces/kube-system/secrets?labelSelector=owner%3Dhelm",
    variables,
  );
  return items;
}

/** The API tells how many nodes a pool began with; how many a pool of fixed size has now, its instance groups know. */
async function withSize(pool: LivePool & { readonly instanceGroupUrls?: readonly string[] }, client: GoogleClient) {
  if (pool.autoscaling?.enabled) return pool;
  const groups = (pool.instanceGroupUrls ?? []).flatMap(
    (url) => /projects\/.+$/.exec(url)?.[0].replace("/instanceGroups/", "/instanceGroupManagers/") ?? [],
  );
  if (groups.length === 0) return pool;
  const sizes = await Promise.all(
    groups.map(async (group) => (await client.get<{ targetSize?: number }>("COMPUTE", group)).targetSize ?? 0),
  );
  return { ...pool, initialNodeCount: Math.floor(sizes.reduce((sum, size) => sum + size, 0) / groups.length) };
}

/** What was found, as a definition in the making. */
export function draftOf(
  { project, location, environment, dataplane }: Subject,
  { cluster, subnetwork, release }: Found,
): Draft {
  const found = dataplaneOf(cluster, release, dataplane);
  const key = found.options["startupTaintKey"];
  const startupTaintKey = typeof key === "string" ? key : undefined;
  const carried = (cluster.nodePools ?? [])
    .flatMap(({ config }) => config?.taints ?? [])
    .filter((taint) => taint.key === startupTaintKey);
  if (startupTaintKey !== undefined && carried.length > 0) assertIgnored(startupTaintKey, cluster);
  const { startupTaintKey: _, ...options } = found.options;
  const taint: PlainMap =
    carried.length === 0
      ? {}
      : {
          startupTaintKey: startupTaintKey ?? "",
          ...(carried[0]?.effect === "NO_SCHEDULE" ? { startupTaintEffect: "NO_SCHEDULE" } : {}),
        };
  const account = nodeAccountOf(cluster);
  const endpoint = apiAddress(cluster).endpoint;
  return {
    name: environment,
    project,
    location,
    network: networkOptions(cluster, project, subnetwork),
    cluster: clusterOptions(cluster, environment, found.kind),
    nodePools: named(
      (cluster.nodePools ?? []).map((pool) => poolOptions(pool, cluster, account, startupTaintKey)),
      cluster,
    ),
    connection: endpoint === "dns" ? {} : { endpoint },
    dataplane: { ...found, options: { ...taint, ...options } },
  };
}

/** Two pools whose names differ in their hashes alone keep these. */
function named(pools: readonly PlainMap[], { nodePools = [] }: LiveCluster): PlainMap[] {
  const names = pools.map(({ name }) => name);
  return pools.map((pool, index) =>
    names.indexOf(pool["name"] as string) === names.lastIndexOf(pool["name"] as string)
      ? pool
      : { ...pool, name: (nodePools[index]?.name ?? "").slice(0, 33).replace(/-+$/, "") },
  );
}

/** New nodes would wait for ever if the pools carried one key and Cilium lifted another. */
function assertIgnored(key: string, { name }: LiveCluster): void {
  if (/^(ignore|startup)-taint\.cluster-autoscaler\.kubernetes\.io\/./.test(key)) return;
  throw new Error(
    `the node pools of ${name} carry the startup taint ${key}, which keeps the autoscaler from ever adding a node to an empty pool, so that this library refuses it; first let Cilium lift another one (helm upgrade --reuse-values --set agentNotReadyTaintKey=ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready), then give the pools that key (gcloud container node-pools update --node-taints), then adopt`,
  );
}
