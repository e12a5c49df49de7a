import { type CniChainingOptions, Dataplane } from "../../../lib/dataplane";
import { COMMON_VARIATIONS, ciliumVersion, dataplaneVariation, type Variations } from "./variation";

/** As `environments/dev.ts` has it, with these options. */
const chaining = (options: CniChainingOptions = {}) =>
  Dataplane.cniChaining({ hubble: { relay: true, ui: true }, ...options });
const kubeProxyFree = (kubeProxy: "remove" | "coexist" | "restore") =>
  Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, kubeProxy });

const NEXT_POOL = { name: "next", machineType: "e2-standard-4", minNodes: 2, maxNodes: 4 };

/** Edits of `environments/dev.ts`. */
export const DEV_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  /** A second pool, whose nodes wait for the dataplane to come. */
  "waiting-pool": (definition) => ({
    ...definition,
    nodePools: [...(definition.nodePools ?? []), { ...NEXT_POOL, dataplane: kubeProxyFree("coexist") }],
  }),
  /** That pool alone, after the switch. */
  "next-pool": (definition) => ({ ...definition, nodePools: [NEXT_POOL] }),
  dataplane: dataplaneVariation((version) => chaining(ciliumVersion(version)), {
    "existing-pods": () => chaining({ existingPods: {} }),
    "static-conflist": () => chaining({ conflist: "static" }),
    "hubble-ui-off": () => chaining({ hubble: { relay: true } }),
    /** Pods that never start: the operator asks for nodes that there are none of. */
    "unready-operator": () =>
      chaining({
        timeoutSeconds: 10,
        values: { operator: { nodeSelector: { "example.com/no-such-node": "true" } } },
      }),
    /** First step of the switch to the other dataplane on the legacy datapath: kube-proxy still runs. */
    "kube-proxy-coexist": () => kubeProxyFree("coexist"),
    "kube-proxy-free": () => kubeProxyFree("remove"),
    /** The way back from it: kube-proxy returns to every node. */
    "kube-proxy-restore": () => kubeProxyFree("restore"),
    /** Another datapath of the cluster: the cluster must be replaced. */
    v2: () => Dataplane.v2(),
  }),
};
