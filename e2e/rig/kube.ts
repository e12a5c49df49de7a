import {
  type Condition,
  type ConfigMap,
  type Deployment,
  hasCondition,
  type KubeNode,
  type KubernetesClient,
  type KubernetesObject,
  type Pod,
} from "../../sandbox/kubernetes/client";

/** A DaemonSet as far as the scenarios look at it. */
export interface DaemonSet extends KubernetesObject {
  readonly spec?: { readonly template?: { readonly spec?: PodSpec } };
  readonly status?: {
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
    readonly observedGeneration?: number;
  };
}

interface PodSpec {
  readonly containers?: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[];
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

interface CustomResourceDefinition extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Where Cilium and GKE keep their things. */
export const KUBE_SYSTEM = "kube-system";

/** What people look at with kubectl, of one cluster. */
export class Kube {
  public constructor(public readonly client: KubernetesClient) {}

  public nodes(): Promise<KubeNode[]> {
    return this.client.list<KubeNode>("/api/v1/nodes");
  }

  public daemonSet(name: string, namespace = KUBE_SYSTEM): Promise<DaemonSet | undefined> {
    return this.client.find<DaemonSet>(`/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`);
  }

  public daemonSets(namespace = KUBE_SYSTEM): Promise<DaemonSet[]> {
    return this.client.list<DaemonSet>(`/apis/apps/v1/namespaces/${namespace}/daemonsets`);
  }

  public deployment(name: string, namespace = KUBE_SYSTEM): Promise<Deployment | undefined> {
    return this.client.find<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  }

  public configMap(name: string, namespace = KUBE_SYSTEM): Promise<ConfigMap | undefined> {
    return this.client.find<ConfigMap>(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
  }

  /** @param selector Label selector as kubectl takes it. */
  public pods(selector = "", namespace = KUBE_SYSTEM): Promise<Pod[]> {
    const query = selector === "" ? "" : `?labelSelector=${encodeURIComponent(selector)}`;
    return this.client.list<Pod>(`/api/v1/namespaces/${namespace}/pods${query}`);
  }

  /** Names of the custom resource definitions of a group that the API server serves. */
  public async establishedCrds(group: string): Promise<string[]> {
    const all = await this.client.list<CustomResourceDefinition>(
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    );
    return all
      .filter((crd) => crd.metadata.name.endsWith(`.${group}`) && hasCondition(crd, "Established"))
      .map((crd) => crd.metadata.name.slice(0, -group.length - 1))
      .sort();
  }

  /** Names of the Helm releases that are stored in a namespace. */
  public async helmReleases(namespace = KUBE_SYSTEM): Promise<string[]> {
    const secrets = await this.client.list<KubernetesObject>(
      `/api/v1/namespaces/${namespace}/secrets?labelSelector=owner%3Dhelm`,
    );
    return [...new Set(secrets.map(({ metadata }) => metadata.labels?.["name"] ?? ""))].sort();
  }
}

/** Name of the pool that a node belongs to. */
export function poolOf(node: KubeNode): string {
  return node.metadata.labels?.["cloud.google.com/gke-nodepool"] ?? "";
}

/** Whether pods can run there: the kubelet is ready. */
export function isReady(node: KubeNode): boolean {
  return hasCondition(node, "Ready");
}

/** The value of a container's environment variable in a DaemonSet's template. */
export function environmentOf(daemonSet: DaemonSet, container: string, name: string): string | undefined {
  return daemonSet.spec?.template?.spec?.containers
    ?.find((one) => one.name === container)
    ?.env?.find((variable) => variable.name === name)?.value;
}
