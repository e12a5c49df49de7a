import { Dataplane, type DataplaneV2Options } from "../../../lib/dataplane";
import type { EnvironmentDefinition } from "../../../lib/environment";
import { COMMON_VARIATIONS, type Variations } from "./variation";

/** As `environments/prod.ts` has it. */
const SHIPPED: DataplaneV2Options = {
  flowMetrics: true,
  flowRelay: true,
  fqdnNetworkPolicy: true,
  clusterwideNetworkPolicy: true,
  policyLogging: { deny: { log: true } },
};

const v2 = (prod: EnvironmentDefinition, options: DataplaneV2Options): EnvironmentDefinition => ({
  ...prod,
  dataplane: Dataplane.v2({ ...SHIPPED, ...options }),
});

/** Edits of `environments/prod.ts`. */
export const PROD_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  "log-allowed": (prod) => v2(prod, { policyLogging: { allow: { log: true, delegate: true }, deny: { log: true } } }),
  "flow-relay-off": (prod) => v2(prod, { flowRelay: false }),
  "kube-proxy-free": (prod) => ({
    ...prod,
    cluster: { ...prod.cluster, ipEndpoint: "private" },
    dataplane: Dataplane.kubeProxyFree(),
  }),
};
