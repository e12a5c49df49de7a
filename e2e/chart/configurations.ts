import { dev, staging } from "../../__tests__/support/environments";
import type { CiliumVersion, HelmValues } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import { synthesizedRelease } from "./releases";

const HUBBLE = { hubble: { relay: true, ui: true, openMetrics: true } };

/** Every mode, and options of each that change what the agents are told. */
export function configurationsOf(version: CiliumVersion): Readonly<Record<string, HelmValues>> {
  const chained = (options: Parameters<typeof Dataplane.cniChaining>[0]) =>
    synthesizedRelease({ ...dev, dataplane: Dataplane.cniChaining({ ...HUBBLE, version, ...options }) }).values;
  const alone = (options: Parameters<typeof Dataplane.kubeProxyFree>[0]) =>
    synthesizedRelease({ ...staging, dataplane: Dataplane.kubeProxyFree({ ...HUBBLE, version, ...options }) }).values;
  return {
    "chained, detected": chained({}),
    "chained, static": chained({ conflist: "static" }),
    "chained, policies enforced": chained({ enforceNetworkPolicies: true }),
    "kube-proxy-free": alone({}),
    "kube-proxy-free beside kube-proxy": alone({ kubeProxy: "coexist" }),
    "kube-proxy-free, masquerading in BPF": alone({ bpfMasquerade: true }),
    "kube-proxy-free with values": alone({
      bpfMasquerade: true,
      values: {
        egressGateway: { enabled: true },
        socketLB: { hostNamespaceOnly: true, tracing: false },
        bandwidthManager: { enabled: true },
        encryption: { enabled: true, type: "wireguard", nodeEncryption: true },
        policyEnforcementMode: "always",
        loadBalancer: { algorithm: "maglev" },
        maglev: { tableSize: 65521 },
        hubble: { eventQueueSize: 8192, eventBufferCapacity: "8191" },
      },
    }),
  };
}
