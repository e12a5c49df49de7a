import type { Asked } from "../asked";
import type { Failure } from "../failure";
import type { KubeApi } from "../kube-api";
import type {
  ConfigMap,
  EndpointSlice,
  EndpointsSlice,
  KubeNode,
  KubeObject,
  Pod,
  Policy,
  Secret,
  Service,
  Workload,
} from "../objects";

/** Something that was asked for and may be refused: what is refused is said, and the rest goes on. */
export type Told<T> =
  | { readonly is: T; readonly refused?: undefined }
  | { readonly is?: undefined; readonly refused: Failure };

/** Where each agent is looked for. */
export interface AgentPlace {
  readonly namespace: string;
  readonly daemonSet: string;
  /** Label selector of its pods. */
  readonly label: readonly [name: string, value: string];
}

/** Kinds of policies that somebody may enforce here, with where they lie. */
export const POLICY_KINDS = {
  NetworkPolicy: "/apis/networking.k8s.io/v1/networkpolicies",
  CiliumNetworkPolicy: "/apis/cilium.io/v2/ciliumnetworkpolicies",
  CiliumClusterwideNetworkPolicy: "/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies",
  FQDNNetworkPolicy: "/apis/networking.gke.io/v1alpha1/fqdnnetworkpolicies",
} as const;
export type PolicyKind = keyof typeof POLICY_KINDS;

/** A cluster at one moment. */
export interface ClusterSnapshot {
  readonly place: AgentPlace;
  readonly nodes: readonly KubeNode[];
  readonly pods: readonly Pod[];
  readonly daemonSets: readonly Workload[];
  readonly deployments: Told<readonly Workload[]>;
  readonly config: Told<ConfigMap | undefined>;
  /** `namespace/name` of every pod that has an endpoint. */
  readonly managed: Told<ReadonlySet<string>>;
  readonly certificates: Told<readonly Secret[]>;
  readonly services: Told<readonly Service[]>;
  readonly slices: Told<readonly EndpointSlice[]>;
  readonly policies: Told<Readonly<Record<PolicyKind, readonly Policy[]>>>;
}

/** Where the agents are: the release's, or Google's. */
export function placeOf({ cilium }: Asked): AgentPlace {
  return cilium
    ? { namespace: cilium.namespace, daemonSet: "cilium", label: ["k8s-app", "cilium"] }
    : { namespace: "kube-system", daemonSet: "anetd", label: ["k8s-app", "cilium"] };
}

/**
 * Asks for everything at once.
 *
 * @throws Failure where even nodes, pods or DaemonSets cannot be read: without them there is nothing to say.
 */
export async function takeSnapshot(api: KubeApi, asked: Asked): Promise<ClusterSnapshot> {
  const place = placeOf(asked);
  const { namespace } = place;
  const [nodes, pods, daemonSets, deployments, config, managed, certificates, services, slices, policies] =
    await Promise.all([
      api.list<KubeNode>("/api/v1/nodes"),
      api.list<Pod>("/api/v1/pods"),
      api.list<Workload>(`/apis/apps/v1/namespaces/${namespace}/daemonsets`),
      told(api.list<Workload>(`/apis/apps/v1/namespaces/${namespace}/deployments`)),
      told(api.find<ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps/cilium-config`)),
      told(managedPods(api)),
      told(api.list<Secret>(`/api/v1/namespaces/${namespace}/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls`)),
      told(api.list<Service>("/api/v1/services")),
      told(api.list<EndpointSlice>("/apis/discovery.k8s.io/v1/endpointslices")),
      told(policiesOf(api)),
    ]);
  return { place, nodes, pods, daemonSets, deployments, config, managed, certificates, services, slices, policies };
}

/** Pods with an endpoint, written one by one or, with many nodes, in slices. */
async function managedPods(api: KubeApi): Promise<ReadonlySet<string>> {
  const [endpoints, slices] = await Promise.all([
    api.list<KubeObject>("/apis/cilium.io/v2/ciliumendpoints"),
    api.list<EndpointsSlice>("/apis/cilium.io/v2alpha1/ciliumendpointslices"),
  ]);
  return new Set([
    ...endpoints.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ...slices.flatMap(({ namespace, endpoints: members }) => (members ?? []).map(({ name }) => `${namespace}/${name}`)),
  ]);
}

async function policiesOf(api: KubeApi): Promise<Readonly<Record<PolicyKind, readonly Policy[]>>> {
  const kinds = Object.keys(POLICY_KINDS) as PolicyKind[];
  const lists = await Promise.all(kinds.map((kind) => api.list<Policy>(POLICY_KINDS[kind])));
  return Object.fromEntries(kinds.map((kind, index) => [kind, lists[index]])) as Record<PolicyKind, Policy[]>;
}

/** What only a right is missing for is no reason to say nothing of the rest. */
async function told<T>(asking: Promise<T>): Promise<Told<T>> {
  try {
    return { is: await asking };
  } catch (error) {
    const failure = error as Failure;
    if (failure.kind === "rights") return { refused: failure };
    throw error;
  }
}
