import { CiliumVersion } from "../../../lib/cilium";
import { Dataplane } from "../../../lib/dataplane";
import { COMMON_VARIATIONS, type Variations } from "./variation";

const HUBBLE = { relay: true, ui: true };

/** Edits of `environments/dev.ts`. */
export const DEV_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  cilium: (dev, version) => ({
    ...dev,
    dataplane: Dataplane.cniChaining({ hubble: HUBBLE, version: CiliumVersion.of(version) }),
  }),
  "static-conflist": (dev) => ({
    ...dev,
    dataplane: Dataplane.cniChaining({ hubble: HUBBLE, conflist: "static" }),
  }),
  "hubble-ui-off": (dev) => ({ ...dev, dataplane: Dataplane.cniChaining({ hubble: { relay: true } }) }),
  /** Pods that never start: the operator asks for nodes that there are none of. */
  "unready-operator": (dev) => ({
    ...dev,
    dataplane: Dataplane.cniChaining({
      hubble: HUBBLE,
      timeoutSeconds: 10,
      values: { operator: { nodeSelector: { "example.com/no-such-node": "true" } } },
    }),
  }),
  /** The other dataplane on the legacy datapath: the cluster stays. */
  "kube-proxy-free": (dev) => ({ ...dev, dataplane: Dataplane.kubeProxyFree({ hubble: HUBBLE }) }),
  /** The way back from it: kube-proxy returns to every node. */
  "kube-proxy-restore": (dev) => ({
    ...dev,
    dataplane: Dataplane.kubeProxyFree({ hubble: HUBBLE, kubeProxy: "restore" }),
  }),
  /** First step of the switch: kube-proxy still runs. */
  "kube-proxy-coexist": (dev) => ({
    ...dev,
    dataplane: Dataplane.kubeProxyFree({ hubble: HUBBLE, kubeProxy: "coexist" }),
  }),
  /** Another datapath of the cluster: the cluster must be replaced. */
  "dataplane-v2": (dev) => ({ ...dev, dataplane: Dataplane.v2() }),
};
