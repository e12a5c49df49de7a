import { CiliumVersion } from "../../../lib/cilium";
import { Dataplane, type KubeProxyFreeOptions } from "../../../lib/dataplane";
import { COMMON_VARIATIONS, dataplaneVariation, type Variations } from "./variation";

/** As `environments/staging.ts` has it, with these options. */
const kubeProxyFree = (options: KubeProxyFreeOptions) =>
  Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, ...options });

/** Edits of `environments/staging.ts`. */
export const STAGING_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  dataplane: dataplaneVariation((version) => kubeProxyFree({ version: CiliumVersion.of(version) }), {
    /** A value of the chart that the library has no option for. */
    "larger-bpf-maps": () => kubeProxyFree({ values: { bpf: { mapDynamicSizeRatio: 0.005 } } }),
    "smaller-bpf-maps": () => kubeProxyFree({ values: { bpf: { mapDynamicSizeRatio: 0.001 } } }),
    "hubble-ui-off": () => kubeProxyFree({ hubble: { relay: true } }),
    "kube-proxy-restore": () => kubeProxyFree({ kubeProxy: "restore" }),
    "kube-proxy-coexist": () => kubeProxyFree({ kubeProxy: "coexist" }),
    v2: () => Dataplane.v2(),
  }),
};
