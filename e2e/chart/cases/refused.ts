import { Token } from "cdktf";
import { type HelmValue, type HelmValues, isValuesMap } from "../../../lib/cilium";

/** Keys that the chart refuses because they are gone, with what is fine today. */
export const GONE: readonly (readonly [broken: HelmValues, fine: HelmValues])[] = [
  [{ tunnel: "disabled" }, { routingMode: "tunnel" }],
  [{ encryption: { keyFile: "x" } }, { encryption: { ipsec: { keyFile: "x" } } }],
  [{ encryption: { interface: "x" } }, {}],
  [{ proxy: { prometheus: { enabled: true } } }, { envoy: { prometheus: { enabled: true } } }],
  [{ enableCiliumEndpointSlice: true }, { ciliumEndpointSlice: { enabled: true } }],
  [{ ciliumEndpointSlice: { sliceMode: "x" } }, {}],
  [{ endpointStatus: { enabled: true } }, {}],
  [{ remoteNodeIdentity: true }, {}],
  [{ containerRuntime: { integration: "crio" } }, {}],
  [{ etcd: { managed: true } }, { etcd: { enabled: true } }],
  [{ clustermesh: { apiserver: { tls: { ca: { cert: "x", key: "y" } } } } }, {}],
  [{ enableK8sEventHandover: true }, {}],
  [{ enableCnpStatusUpdates: true }, {}],
];

/** Values that the chart's schema refuses. */
export const TYPES: readonly HelmValues[] = [
  { hubble: { metrics: { enabled: "{dns,drop}" } } },
  { hubble: { relay: { enabled: "true" } } },
  { operator: { replicas: "2" } },
  { bpf: { monitorTraceIPOption: 300 } },
  { scheduling: { mode: "spread" } },
];

/** Whether something of it is only known to Terraform, so that Helm cannot be asked about it. */
export function hasToken(value: HelmValue | undefined): boolean {
  if (Token.isUnresolved(value)) return true;
  if (Array.isArray(value)) return value.some(hasToken);
  return isValuesMap(value) && Object.values(value).some(hasToken);
}
