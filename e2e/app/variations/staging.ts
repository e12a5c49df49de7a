import { CiliumVersion } from "../../../lib/cilium";
import { Dataplane, type KubeProxyFreeOptions } from "../../../lib/dataplane";
import type { EnvironmentDefinition } from "../../../lib/environment";
import { COMMON_VARIATIONS, type Variations } from "./variation";

const HUBBLE = { relay: true, ui: true };

const kubeProxyFree = (staging: EnvironmentDefinition, options: KubeProxyFreeOptions): EnvironmentDefinition => ({
  ...staging,
  dataplane: Dataplane.kubeProxyFree({ hubble: HUBBLE, ...options }),
});

/** Edits of `environments/staging.ts`. */
export const STAGING_VARIATIONS: Variations = {
  ...COMMON_VARIATIONS,
  cilium: (staging, version) => kubeProxyFree(staging, { version: CiliumVersion.of(version) }),
  /** A value of the chart that the library has no option for. */
  "bpf-map-ratio": (staging, value) =>
    kubeProxyFree(staging, { values: { bpf: { mapDynamicSizeRatio: Number(value) } } }),
  "hubble-ui-off": (staging) => kubeProxyFree(staging, { hubble: { relay: true } }),
  "kube-proxy-restore": (staging) => kubeProxyFree(staging, { kubeProxy: "restore" }),
  "kube-proxy-coexist": (staging) => kubeProxyFree(staging, { kubeProxy: "coexist" }),
  "dataplane-v2": (staging) => ({ ...staging, dataplane: Dataplane.v2() }),
};
