import type { ConfigMap, Deployment, KubeNode, PersistentVolume, PersistentVolumeClaim, Pod, Service } from "../client";

/** What the cloud's controllers know of a cluster at one moment. */
export interface Snapshot {
  readonly nodes: readonly KubeNode[];
  readonly pods: readonly Pod[];
  readonly deployments: readonly Deployment[];
  /** ConfigMaps of the name `cilium-config`, in whatever namespace. */
  readonly ciliumConfigs: readonly ConfigMap[];
  readonly services: readonly Service[];
  readonly claims: readonly PersistentVolumeClaim[];
  readonly volumes: readonly PersistentVolume[];
  /** Whether Cilium's operator is run where it lands on a real node. @default false */
  readonly realOperator?: boolean;
  /** Range that load balancers take their addresses from, where packets reach them. @default loopback */
  readonly loadBalancerRange?: string;
}

/** One thing that a controller wants done. Doing it again must do no harm: what a controller sees is a moment old. */
export type Action =
  | {
      readonly do: "change-node";
      readonly node: string;
      /** Merge patch made from the node as it is when it is done, or nothing where there is nothing left to do. */
      readonly change: (node: KubeNode) => object | undefined;
    }
  | { readonly do: "create"; readonly path: string; readonly object: object }
  | { readonly do: "delete"; readonly path: string; readonly options?: object }
  | { readonly do: "patch"; readonly path: string; readonly patch: object }
  | { readonly do: "register-endpoint"; readonly namespace: string; readonly name: string; readonly uid: string }
  | { readonly do: "register-cilium-definitions"; readonly operator: string };

/** Looks at a cluster and says what is to be done. Pure: the same snapshot gives the same actions. */
export type Controller = (snapshot: Snapshot) => Action[];
