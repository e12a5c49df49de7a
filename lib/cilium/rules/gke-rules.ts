import { durationSeconds } from "../durations";
import { GKE_CNI_BIN_PATH, hasSafeKubeletWrapper } from "../features";
import { isAccepted, type RiskAcceptance } from "../risks";
import { AgentConfig } from "./agent-config";
import type { ValueReader, ValueRule } from "./rule";

/** First version whose operator leaves Services alone where `defaultLBServiceIPAM` is none (cilium/cilium#40888). */
const FIRST_WITH_DEFAULT_IPAM = { minor: 18, patch: 1 };

/** What in the merged values cannot work on GKE. */
export function gkeRules(accept: readonly RiskAcceptance[]): ValueRule[] {
  return [
    ...GKE_RULES,
    ...CHAINING_RULES,
    ...LEASE_RULES,
    ...(isAccepted(accept, "direct-server-return") ? [] : [DIRECT_SERVER_RETURN]),
    ...(isAccepted(accept, "l2-announcements") ? [] : [L2_ANNOUNCEMENTS]),
    ...(isAccepted(accept, "load-balancer-ipam") ? [] : LOAD_BALANCER_RULES),
  ];
}

const GKE_RULES: readonly ValueRule[] = [
  ...["devices", "egressMasqueradeInterfaces"].map(
    (path): ValueRule => ({
      path,
      source: "https://docs.cilium.io/en/stable/installation/k8s-install-helm/ (GKE); daemon/cmd/daemon.go:104",
      broken: (at) => at.isSet(path),
      rule: "has broken GKE clusters: nodes have one interface, eth0, and Cilium finds it by itself",
      remedy: "leave it out",
    }),
  ),
  {
    path: "cni.binPath",
    source: "https://github.com/cilium/cilium/issues/35336",
    broken: (at) =>
      at.isWritten("cni.binPath") && at.isSet("cni.binPath") && at.text("cni.binPath") !== GKE_CNI_BIN_PATH,
    rule: "is not where GKE's nodes look for plugins, and read-only on Container-Optimized OS (cilium/cilium#35336)",
    remedy: `leave it out for ${GKE_CNI_BIN_PATH}`,
  },
  {
    path: "autoDirectNodeRoutes",
    source: "https://docs.cilium.io/en/stable/network/concepts/routing/#native-routing",
    broken: (at) => at.isOn("autoDirectNodeRoutes") && !new AgentConfig(at).tunnels,
    rule: "needs nodes on one layer 2 network; GKE's VPC routes pods itself",
    remedy: "leave it out",
  },
  {
    path: "installNoConntrackIptablesRules",
    source: "templates/cilium-configmap.yaml:787",
    broken: (at) =>
      at.isOn("installNoConntrackIptablesRules") && (at.isOn("gke.enabled") || new AgentConfig(at).isChained),
    rule: "is ignored by the chart with gke.enabled, whose endpoint routes rule it out, and where Cilium is chained",
    remedy: "leave it out",
  },
  {
    path: "bpf.hostLegacyRouting",
    source: "https://github.com/cilium/cilium/issues/28655",
    broken: (at) => {
      const config = new AgentConfig(at);
      return config.bpfMasquerade && config.kubeProxyReplacement && at.at("bpf.hostLegacyRouting") === undefined;
    },
    rule: "must be said where Cilium masquerades in BPF: BPF host routing passes by the metadata server that Workload Identity needs (cilium/cilium#28655)",
    remedy: "set it to true, or to false on a cluster without Workload Identity",
  },
  {
    path: "loadBalancer.acceleration",
    source: "https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#nodeport-xdp-on-gcp",
    broken: (at) => ["native", "best-effort"].includes(at.text("loadBalancer.acceleration")),
    rule: "needs XDP in the driver of the network card, which neither VirtIO nor gVNIC has on Google Cloud",
    remedy: "leave it out",
  },
  {
    path: "operator.replicas",
    source: "operator/watchers/node_taint.go",
    broken: (at) => at.isOn("operator.enabled") && !((at.number("operator.replicas") ?? 0) >= 1),
    rule: "is below 1: nobody would lift the startup taint, and no node would ever be ready",
    remedy: "use 2, or 1 for a cluster of one node",
  },
  {
    path: "nodeinit.reconfigureKubelet",
    source: "https://github.com/cilium/cilium/issues/47884",
    broken: (at) =>
      at.isOn("nodeinit.enabled") && at.isOn("nodeinit.reconfigureKubelet") && !hasSafeKubeletWrapper(at.version),
    rule: "crash-loops on GKE 1.36.2 and later with this version of Cilium, and then no agent starts (cilium/cilium#47884)",
    remedy: "set it to false, or use Cilium 1.20.2 or later",
  },
];

const LEASE_RULES: readonly ValueRule[] = [
  {
    path: "l2announcements.enabled",
    source: "https://docs.cilium.io/en/stable/network/l2-announcements/#prerequisites",
    broken: (at) => at.isOn("l2announcements.enabled") && !new AgentConfig(at).kubeProxyReplacement,
    rule: "needs kube-proxy replacement: nobody else answers at the address that is announced",
    remedy: "leave it out, or use Dataplane.kubeProxyFree()",
  },
  {
    path: "l2announcements.leaseDuration",
    source: "pkg/l2announcer/l2announcer.go:808-851",
    broken: (at) => {
      const { duration, deadline } = leases(at);
      return at.isOn("l2announcements.enabled") && (duration < 1 || duration <= deadline);
    },
    rule: "is below one second, or not above the deadline for renewing (5s unless it is given): the agents would take values of their own",
    remedy: "give 15s, or more than l2announcements.leaseRenewDeadline",
  },
  {
    path: "l2announcements.leaseRenewDeadline",
    source: "pkg/l2announcer/l2announcer.go:855",
    broken: (at) => {
      const { deadline, retry } = leases(at);
      return at.isOn("l2announcements.enabled") && deadline <= JITTER * retry;
    },
    rule: "is not above 1.2 times the time between two tries (2s unless it is given): the agents would take values of their own",
    remedy: "raise it, or lower l2announcements.leaseRetryPeriod",
  },
];

const CHAINING_RULES: readonly ValueRule[] = [
  {
    path: "hostFirewall.enabled",
    source: "https://github.com/cilium/cilium/issues/12759",
    broken: (at) => new AgentConfig(at).isChained && at.isOn("hostFirewall.enabled"),
    rule: "does not work where Cilium is chained (cilium/cilium#12759)",
    remedy: "leave it out, or use Dataplane.kubeProxyFree()",
  },
  ...["gatewayAPI.enabled", "ingressController.enabled"].map(
    (path): ValueRule => ({
      path,
      source: "https://github.com/cilium/cilium/issues/12454; templates/validate.yaml",
      broken: (at) => new AgentConfig(at).isChained && at.isOn(path),
      rule: "sends everything through Envoy at Layer 7, which does not work where Cilium is chained (cilium/cilium#12454)",
      remedy: "use GKE's own controllers, or Dataplane.kubeProxyFree()",
    }),
  ),
  {
    path: "loadBalancer.l7.backend",
    source: "https://github.com/cilium/cilium/issues/12454",
    broken: (at) => new AgentConfig(at).isChained && at.text("loadBalancer.l7.backend") === "envoy",
    rule: "sends Services through Envoy at Layer 7, which does not work where Cilium is chained (cilium/cilium#12454)",
    remedy: "leave it out, or use Dataplane.kubeProxyFree()",
  },
  {
    path: "encryption.type",
    source:
      "https://docs.cilium.io/en/stable/security/network/encryption-ipsec/ (limitations); daemon/cmd/daemon.go:36",
    broken: (at) => new AgentConfig(at).isChained && new AgentConfig(at).encryption === "ipsec",
    rule: "does not work with IPsec where Cilium is chained (cilium/cilium#15596)",
    remedy: "use wireguard, or Dataplane.kubeProxyFree()",
  },
  {
    path: "cni.enableRouteMTUForCNIChaining",
    source: "https://docs.cilium.io/en/stable/security/network/encryption-wireguard/",
    broken: (at) => {
      const config = new AgentConfig(at);
      return config.isChained && config.encryption === "wireguard" && !at.isOn("cni.enableRouteMTUForCNIChaining");
    },
    rule: "must be true with WireGuard where Cilium is chained: pods would send packets that no tunnel carries in one piece",
    remedy: "set it to true",
  },
  {
    path: "cni.exclusive",
    source: "github.com/GoogleCloudPlatform/netd, scripts/install-cni.sh",
    broken: (at) => isBehindCalico(at) && !at.isOn("cni.customConf") && at.isOn("cni.exclusive"),
    rule: "renames the CNI configuration that Cilium is chained to; GKE's installer then switches Calico off",
    remedy: "set it to false",
  },
  {
    path: "nodeinit.reconfigureKubelet",
    source: "files/nodeinit/startup.bash",
    broken: (at) => isBehindCalico(at) && at.isOn("nodeinit.enabled") && at.isOn("nodeinit.reconfigureKubelet"),
    rule: "deletes every CNI configuration but Cilium's from the nodes, and with it the one Cilium is chained to",
    remedy: "leave nodeinit off",
  },
  {
    path: "cni.chainingMode",
    source: "templates/cilium-configmap.yaml:82; daemon/cmd/cni/config.go:388",
    broken: (at) => !["none", "generic-veth", "portmap", "flannel"].includes(new AgentConfig(at).chainingMode),
    rule: "is no mode that Cilium has on GKE: none, generic-veth, portmap or flannel",
    remedy: "use generic-veth",
  },
];

const DIRECT_SERVER_RETURN: ValueRule = {
  path: "loadBalancer.mode",
  source:
    "https://cloud.google.com/vpc/docs/using-routes#canipforward; https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#direct-server-return-dsr-with-ipv4-option-ipv6-extension-header",
  broken: (at) => new AgentConfig(at).kubeProxyReplacement && ["dsr", "hybrid"].includes(at.text("loadBalancer.mode")),
  rule: "lets pods' nodes answer with another node's address, which Google's network drops: GKE's machines may not forward",
  remedy:
    "leave it out, use externalTrafficPolicy: Local where Services must see their clients, or accept direct-server-return",
};

const L2_ANNOUNCEMENTS: ValueRule = {
  path: "l2announcements.enabled",
  source: "https://docs.cilium.io/en/stable/network/l2-announcements/",
  broken: (at) => at.isOn("l2announcements.enabled"),
  rule: "cannot work on GKE: the VPC routes and answers ARP itself",
  remedy: "leave it out, or accept l2-announcements",
};

const LOAD_BALANCER_RULES: readonly ValueRule[] = [
  {
    path: "defaultLBServiceIPAM",
    source: "https://github.com/cilium/cilium/issues/39805; pkg/loadbalancer/reconciler/bpf_reconciler.go:1206",
    // What is no mode at all is told as that.
    broken: (at) => ["lbipam", "nodeipam"].includes(at.text("defaultLBServiceIPAM")),
    rule: "takes every LoadBalancer Service without a class for Cilium's: the operator would clear the addresses that Google's controller gave (cilium/cilium#39805), and agents drop health checks to them while a node does not hold them",
    remedy:
      "leave it out for none, where Services ask for Cilium's addresses by loadBalancerClass, or accept load-balancer-ipam",
  },
  {
    path: "enableLBIPAM",
    source: "https://github.com/cilium/cilium/issues/40888",
    broken: (at) =>
      at.isOn("enableLBIPAM") &&
      at.version.major === 1 &&
      at.version.minor === FIRST_WITH_DEFAULT_IPAM.minor &&
      at.version.patch < FIRST_WITH_DEFAULT_IPAM.patch,
    rule: "manages every LoadBalancer Service without a class in 1.18.0, whatever defaultLBServiceIPAM says (cilium/cilium#40888)",
    remedy: "set it to false, or use Cilium 1.18.1 or later",
  },
];

/** How much client-go's leader election spreads tries. */
const JITTER = 1.2;

/** Leases as the agents have them, in seconds; what is no duration is told by itself. */
function leases(at: ValueReader) {
  const seconds = (key: string, preset: number) =>
    at.isSet(`l2announcements.${key}`) ? (durationSeconds(at.text(`l2announcements.${key}`)) ?? Number.NaN) : preset;
  return {
    duration: seconds("leaseDuration", 15),
    deadline: seconds("leaseRenewDeadline", 5),
    retry: seconds("leaseRetryPeriod", 2),
  };
}

function isBehindCalico(at: ValueReader): boolean {
  return new AgentConfig(at).chainingMode === "generic-veth";
}
