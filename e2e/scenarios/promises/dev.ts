import { check, checkEqual } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import { readCluster } from "../../rig/google";
import { KUBE_SYSTEM } from "../../rig/kube";
import { checkAgentConfiguration, coversEveryNode, isAvailable, NODES_ARE_OPEN, servesResources } from "./common";

/** What the cluster has where Cilium is chained. */
export const CHAINING_PROMISES: Scenario = {
  id: "promises",
  title: "Cilium is chained behind Calico, and kube-proxy stays",
  shows: "promises",
  environments: ["dev"],
  steps: [
    {
      title: "Google Cloud: legacy datapath with Calico",
      async run(bench) {
        const { networkConfig, networkPolicy, addonsConfig } = await readCluster(bench);
        checkEqual(networkConfig.datapathProvider ?? "LEGACY_DATAPATH", "LEGACY_DATAPATH", "datapathProvider");
        checkEqual(networkPolicy, { enabled: true, provider: "CALICO" }, "networkPolicy");
        check(addonsConfig?.networkPolicyConfig?.disabled !== true, "the network policy add-on is disabled");
      },
    },
    {
      title: "cilium-config: chained, not exclusive, no kube-proxy replacement, masquerading left to GKE",
      run: (bench) =>
        checkAgentConfiguration(bench, {
          "cni-chaining-mode": "generic-veth",
          "cni-chaining-target": "*",
          "cni-exclusive": "false",
          "kube-proxy-replacement": "false",
          "enable-ipv4-masquerade": "false",
          "routing-mode": "native",
        }),
    },
    NODES_ARE_OPEN,
    coversEveryNode("cilium", "calico-node"),
    isAvailable(KUBE_SYSTEM, "cilium-operator", "hubble-relay", "hubble-ui", "kube-dns"),
    servesResources("cilium.io", "ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies", "ciliumnodes"),
    {
      title: "kube-proxy runs on every node",
      async run(bench) {
        const kube = bench.kube();
        const nodes = (await kube.nodes()).map(({ metadata }) => metadata.name).sort();
        const proxied = (await kube.pods("component=kube-proxy")).map(({ spec }) => spec?.nodeName).sort();
        checkEqual(proxied, nodes, "nodes with a kube-proxy pod");
      },
    },
  ],
};
