import type { Bench } from "./bench";

/** A cluster as Google's API shows it, as far as the scenarios look at it. */
export interface ClusterResource {
  readonly status: string;
  readonly currentMasterVersion: string;
  readonly endpoint: string;
  readonly clusterIpv4Cidr: string;
  readonly resourceLabels?: Readonly<Record<string, string>>;
  readonly autopilot?: { readonly enabled?: boolean };
  readonly networkPolicy?: { readonly enabled?: boolean; readonly provider?: string };
  readonly addonsConfig?: { readonly networkPolicyConfig?: { readonly disabled?: boolean } };
  readonly networkConfig: {
    readonly datapathProvider?: string;
    readonly defaultSnatStatus?: { readonly disabled?: boolean };
    readonly enableFqdnNetworkPolicy?: boolean;
    readonly enableCiliumClusterwideNetworkPolicy?: boolean;
  };
  readonly monitoringConfig?: {
    readonly managedPrometheusConfig?: { readonly enabled?: boolean };
    readonly advancedDatapathObservabilityConfig?: { readonly enableMetrics?: boolean; readonly enableRelay?: boolean };
  };
  readonly privateClusterConfig?: { readonly privateEndpoint?: string };
  readonly nodePools?: readonly NodePoolResource[];
}

/** A node pool as Google's API shows it. */
export interface NodePoolResource {
  readonly name: string;
  readonly status: string;
  /** Why it is in that state, where something went wrong. */
  readonly statusMessage?: string;
  readonly version: string;
  readonly config: {
    readonly machineType?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly taints?: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  };
}

/** One request to the simulated Google Cloud, as somebody in the console would send it. @throws Error with Google's message. */
export async function googleRequest<T>(bench: Bench, method: string, path: string, body?: object): Promise<T> {
  const { google, somebody } = bench.cloud;
  const response = await fetch(`${google}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${somebody}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
  return (text === "" ? {} : JSON.parse(text)) as T;
}

/** The cluster, read back from the API and not from any state. */
export function readCluster(bench: Bench): Promise<ClusterResource> {
  return googleRequest<ClusterResource>(bench, "GET", `/container/v1/${bench.clusterPath}`);
}

/** Its node pools whose names begin with what their author calls them. */
export async function readPools(bench: Bench, name = ""): Promise<readonly NodePoolResource[]> {
  return ((await readCluster(bench)).nodePools ?? []).filter((pool) => pool.name.startsWith(name));
}
