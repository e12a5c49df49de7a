import type { KubernetesObject } from "../../../sandbox/kubernetes/client";
import { check, checkEqual } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import { readCluster } from "../../rig/google";
import { isAvailable } from "./common";
import { NETWORK_LOGGING, type NetworkLoggingObject } from "./prod";

/** Namespaces that Google keeps to itself in an Autopilot cluster. */
const MANAGED = /^(kube-|gke-managed-|gke-gmp-|gmp-)/;

/** Autopilot refuses what is written into its managed namespaces; the sandbox's API server does as well. */
export const AUTOPILOT_PROMISES: Scenario = {
  id: "promises",
  title: "Autopilot runs the nodes, and nothing of ours is in a managed namespace",
  shows: "promises",
  environments: ["auto"],
  steps: [
    {
      title: "Google Cloud: Autopilot with Dataplane V2, without node pools of ours",
      async run(bench) {
        const { networkConfig, autopilot } = await readCluster(bench);
        checkEqual(autopilot?.enabled, true, "autopilot.enabled");
        checkEqual(networkConfig.datapathProvider, "ADVANCED_DATAPATH", "datapathProvider");
      },
    },
    {
      title: "every Helm release lies in a namespace of its own",
      async run(bench) {
        const secrets = await bench.kube().client.list<KubernetesObject>("/api/v1/secrets?labelSelector=owner%3Dhelm");
        check(secrets.length > 0, "there is no Helm release");
        const namespaces = [...new Set(secrets.map(({ metadata }) => metadata.namespace ?? ""))].sort();
        checkEqual(
          namespaces.filter((namespace) => MANAGED.test(namespace)),
          [],
          "managed namespaces with Helm releases",
        );
        bench.note(`releases in ${namespaces.join(", ")}`);
      },
    },
    {
      title: "denied connections are logged",
      async run(bench) {
        const object = await bench.kube().client.get<NetworkLoggingObject>(NETWORK_LOGGING);
        checkEqual(object.spec?.cluster?.deny, { log: true, delegate: false }, "what is logged of denied connections");
      },
    },
    isAvailable("cilium-monitoring", "grafana", "prometheus-frontend"),
  ],
};
