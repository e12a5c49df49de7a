import type { KubernetesObject } from "../../../sandbox/kubernetes/client";
import { check, checkEqual } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import { readCluster } from "../../rig/google";
import { KUBE_SYSTEM } from "../../rig/kube";
import { coversEveryNode, isAvailable, NODES_ARE_OPEN, servesResources } from "./common";

/** What GKE reads to know what to log. */
export interface NetworkLoggingObject extends KubernetesObject {
  readonly spec?: {
    readonly cluster?: Readonly<Record<"allow" | "deny", { readonly log?: boolean; readonly delegate?: boolean }>>;
  };
}

/** Path of the one object that counts. */
export const NETWORK_LOGGING = "/apis/networking.gke.io/v1alpha1/networkloggings/default";

/** What the cluster has where Cilium is Google's own. */
export const DATAPLANE_V2_PROMISES: Scenario = {
  id: "promises",
  title: "Google runs Cilium, with everything that was asked of it",
  shows: "promises",
  environments: ["prod"],
  steps: [
    {
      title: "Google Cloud: Dataplane V2 with metrics, relay, FQDN and cluster-wide policies, without Calico",
      async run(bench) {
        const { networkConfig, networkPolicy, monitoringConfig } = await readCluster(bench);
        checkEqual(networkConfig.datapathProvider, "ADVANCED_DATAPATH", "datapathProvider");
        checkEqual(networkConfig.enableFqdnNetworkPolicy, true, "enableFqdnNetworkPolicy");
        checkEqual(networkConfig.enableCiliumClusterwideNetworkPolicy, true, "enableCiliumClusterwideNetworkPolicy");
        const observability = monitoringConfig?.advancedDatapathObservabilityConfig;
        checkEqual(observability?.enableMetrics, true, "enableMetrics");
        checkEqual(observability?.enableRelay, true, "enableRelay");
        checkEqual(monitoringConfig?.managedPrometheusConfig?.enabled, true, "managed Prometheus");
        check(networkPolicy?.enabled !== true, "Calico is enabled");
      },
    },
    NODES_ARE_OPEN,
    coversEveryNode("anetd"),
    {
      title: "there is no Cilium release of ours, and no kube-proxy",
      async run(bench) {
        const kube = bench.kube();
        check(!(await kube.helmReleases()).includes("cilium"), "there is a Helm release cilium");
        checkEqual((await kube.pods("component=kube-proxy")).length, 0, "number of kube-proxy pods");
      },
    },
    isAvailable("gke-managed-dpv2-observability", "hubble-relay"),
    isAvailable(KUBE_SYSTEM, "kube-dns"),
    servesResources("cilium.io", "ciliumclusterwidenetworkpolicies"),
    servesResources("networking.gke.io", "networkloggings", "fqdnnetworkpolicies"),
    {
      title: "denied connections are logged, allowed ones are not",
      async run(bench) {
        const object = await bench.kube().client.get<NetworkLoggingObject>(NETWORK_LOGGING);
        checkEqual(
          object.spec?.cluster,
          { allow: { log: false, delegate: false }, deny: { log: true, delegate: false } },
          "spec.cluster of the NetworkLogging object",
        );
      },
    },
  ],
};
