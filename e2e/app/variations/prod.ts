import { Dataplane, type DataplaneV2Options } from "../../../lib/dataplane";
import { COMMON_VARIATIONS, dataplaneVariation, type Variations } from "./variation";

/** As `environments/prod.ts` has it, with these options. */
const v2 = (options: DataplaneV2Options) =>
  Dataplane.v2({
    flowMetrics: true,
    flowRelay: true,
    fqdnNetworkPolicy: true,
    clusterwideNetworkPolicy: true,
    policyLogging: { deny: { log: true } },
    ...options,
  });

/** Edits of `environments/prod.ts`. */
export const PROD_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  /** With the address of the API server that agents of an own Cilium need. */
  "private-endpoint": (prod) => ({ ...prod, cluster: { ...prod.cluster, ipEndpoint: "private" } }),
  dataplane: dataplaneVariation(undefined, {
    "log-allowed": () => v2({ policyLogging: { allow: { log: true, delegate: true }, deny: { log: true } } }),
    "flow-relay-off": () => v2({ flowRelay: false }),
    "kube-proxy-free": () => Dataplane.kubeProxyFree(),
  }),
};
