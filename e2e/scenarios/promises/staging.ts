import { DEFAULT_STARTUP_TAINT_KEY } from "../../../lib/dataplane";
import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import { readCluster, readPools } from "../../rig/google";
import { environmentOf, KUBE_SYSTEM } from "../../rig/kube";
import {
  checkAgentConfiguration,
  coversEveryNode,
  isAvailable,
  NODES_ARE_OPEN,
  SETTLE_SECONDS,
  servesResources,
} from "./common";

/** No node runs kube-proxy. */
export const NO_KUBE_PROXY: Step = {
  title: "no node runs kube-proxy",
  run: (bench) =>
    eventuallyHolds(SETTLE_SECONDS, async () => {
      const left = (await bench.kube().pods("component=kube-proxy")).map(({ metadata }) => metadata.name);
      checkEqual(left, [], "kube-proxy pods");
    }),
};

/** What the cluster has where Cilium is alone and kube-proxy gone. */
export const KUBE_PROXY_FREE_PROMISES: Scenario = {
  id: "promises",
  title: "Cilium is the only CNI and answers Services in kube-proxy's place",
  shows: "promises",
  environments: ["staging"],
  steps: [
    {
      title: "Google Cloud: legacy datapath without Calico, no source NAT by GKE, the startup taint on every pool",
      async run(bench) {
        const { networkConfig, networkPolicy } = await readCluster(bench);
        checkEqual(networkConfig.datapathProvider ?? "LEGACY_DATAPATH", "LEGACY_DATAPATH", "datapathProvider");
        check(networkPolicy?.enabled !== true, "Calico is enabled");
        checkEqual(networkConfig.defaultSnatStatus?.disabled, true, "defaultSnatStatus.disabled");
        for (const { name, config } of await readPools(bench)) {
          const keys = (config.taints ?? []).map(({ key }) => key);
          check(keys.includes(DEFAULT_STARTUP_TAINT_KEY), `pool ${name} has no startup taint, only ${keys.join(", ")}`);
        }
      },
    },
    {
      title: "cilium-config: replaces kube-proxy, routes natively in the pods range, serves the health check",
      run: (bench) =>
        checkAgentConfiguration(bench, {
          "kube-proxy-replacement": "true",
          "kube-proxy-replacement-healthz-bind-address": "0.0.0.0:10256",
          "routing-mode": "native",
          "ipv4-native-routing-cidr": bench.definition.network.pods,
          "enable-ipv4-masquerade": "true",
          "agent-not-ready-taint-key": DEFAULT_STARTUP_TAINT_KEY,
        }),
    },
    {
      title: "agents reach the API server at the cluster's private address",
      async run(bench) {
        const { privateClusterConfig } = await readCluster(bench);
        const agent = await bench.kube().daemonSet("cilium");
        check(agent !== undefined, "there is no DaemonSet kube-system/cilium");
        checkEqual(
          environmentOf(agent, "cilium-agent", "KUBERNETES_SERVICE_HOST"),
          privateClusterConfig?.privateEndpoint,
          "KUBERNETES_SERVICE_HOST of the agents",
        );
      },
    },
    NODES_ARE_OPEN,
    coversEveryNode("cilium", "kube-proxy-disabler"),
    NO_KUBE_PROXY,
    isAvailable(KUBE_SYSTEM, "cilium-operator", "hubble-relay", "hubble-ui", "kube-dns"),
    servesResources(
      "cilium.io",
      "ciliumnetworkpolicies",
      "ciliumclusterwidenetworkpolicies",
      "ciliumnodes",
      "ciliumendpoints",
    ),
  ],
};
