import { check, checkEqual, eventuallyHolds } from "../../harness/check";
import type { EnvironmentName, Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { readCluster, readPools } from "../../rig/google";
import { checkAgentConfiguration, checkCoverage, SETTLE_SECONDS } from "../promises/common";
import { NETWORK_LOGGING, type NetworkLoggingObject } from "../promises/prod";
import { change, IN_PLACE } from "./change";

/** Labels of everything that can carry them. */
export const LABELS: Scenario = {
  id: "labels",
  title: "A label reaches all cloud resources and the nodes, in place",
  shows: "dayTwo",
  steps: [
    change({
      title: "the cluster and its nodes get a label",
      edits: ["label=core", "node-label=core"],
      plan: IN_PLACE,
      async verify(bench) {
        checkEqual((await readCluster(bench)).resourceLabels?.["team"], "core", "label team of the cluster");
        const [pool] = await readPools(bench, "general");
        checkEqual(pool?.config.labels?.["team"], "core", "label team of the pool");
        await eventuallyHolds(SETTLE_SECONDS, async () => {
          const labelled = (await bench.kube().nodes()).filter(({ metadata }) => metadata.labels?.["team"] === "core");
          check(labelled.length > 0, "no node has the label team");
        });
      },
    }),
  ],
};

/** A larger machine: GKE replaces the nodes within the pool. */
export const MACHINE_TYPE: Scenario = {
  id: "machine-type",
  title: "Another machine type: changed in place, node by node",
  shows: "dayTwo",
  environments: ["dev"],
  steps: [
    change({
      title: "to a larger one",
      edits: ["machine-type=e2-standard-8"],
      layers: ["cluster"],
      plan: IN_PLACE,
      async verify(bench) {
        const [pool] = await readPools(bench, "general");
        checkEqual(pool?.config.machineType, "e2-standard-8", "machine type of the pool");
      },
    }),
  ],
};

/** A value of the chart, through to the live agents. */
export const HELM_VALUE: Scenario = {
  id: "helm-value",
  title: "A value of the chart reaches every agent",
  shows: "dayTwo",
  environments: ["staging"],
  steps: [
    change({
      title: "larger BPF maps",
      edits: ["dataplane=larger-bpf-maps"],
      layers: ["networking"],
      plan: IN_PLACE,
      async verify(bench) {
        await checkAgentConfiguration(bench, { "bpf-map-dynamic-size-ratio": "0.005" });
        await eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), ["cilium"]));
      },
    }),
  ],
};

/** The UI goes; it comes back with {@link STATIC_CONFLIST}, which is another edit of the same line. */
export const HUBBLE_UI: Scenario = {
  id: "hubble-ui",
  title: "Hubble's UI is turned off",
  shows: "dayTwo",
  environments: ["dev"],
  steps: [
    change({
      title: "its Deployment is gone, relay stays",
      edits: ["dataplane=hubble-ui-off"],
      layers: ["networking"],
      plan: IN_PLACE,
      async verify(bench) {
        checkEqual(await bench.kube().deployment("hubble-ui"), undefined, "Deployment hubble-ui");
        check((await bench.kube().deployment("hubble-relay")) !== undefined, "hubble-relay is gone too");
      },
    }),
  ],
};

/** Chaining with a configuration of our own. */
export const STATIC_CONFLIST: Scenario = {
  id: "static-conflist",
  title: "The CNI configuration is written by us, and Hubble's UI is on again",
  shows: "dayTwo",
  environments: ["dev"],
  steps: [
    change({
      title: "static: the ConfigMap is there, and the agents read it",
      edits: ["dataplane=static-conflist"],
      layers: ["networking"],
      plan: /Plan: 1 to add, 1 to change, 0 to destroy\./,
      async verify(bench) {
        const written = (await bench.kube().configMap("cni-configuration"))?.data ?? {};
        check(Object.values(written).join("").includes("cilium-cni"), "cni-configuration does not name cilium-cni");
        await eventuallyHolds(SETTLE_SECONDS, () => checkCoverage(bench.kube(), ["cilium"]));
        check((await bench.kube().deployment("hubble-ui")) !== undefined, "there is no Deployment hubble-ui");
      },
    }),
  ],
};

/** What Google's Cilium logs. */
export const POLICY_LOGGING: Scenario = {
  id: "policy-logging",
  title: "Network policy logging is widened and narrowed",
  shows: "dayTwo",
  environments: ["prod"],
  steps: [
    change({
      title: "allowed connections are logged where a policy asks for it",
      edits: ["dataplane=log-allowed"],
      layers: ["networking"],
      plan: IN_PLACE,
      async verify(bench) {
        const object = await bench.kube().client.get<NetworkLoggingObject>(NETWORK_LOGGING);
        checkEqual(object.spec?.cluster?.allow, { log: true, delegate: true }, "allow of the NetworkLogging object");
      },
    }),
    change({
      title: "and back",
      takeBack: ["dataplane"],
      layers: ["networking"],
      plan: IN_PLACE,
      async verify(bench) {
        const object = await bench.kube().client.get<NetworkLoggingObject>(NETWORK_LOGGING);
        checkEqual(object.spec?.cluster?.allow?.log, false, "allow.log of the NetworkLogging object");
      },
    }),
  ],
};

/** Google's relay goes and comes back, in place. */
export const FLOW_RELAY: Scenario = {
  id: "flow-relay",
  title: "Dataplane V2's relay is turned off and on again",
  shows: "dayTwo",
  environments: ["prod"],
  steps: [
    change({
      title: "off",
      edits: ["dataplane=flow-relay-off"],
      layers: ["cluster"],
      plan: IN_PLACE,
      async verify(bench) {
        const { monitoringConfig } = await readCluster(bench);
        checkEqual(monitoringConfig?.advancedDatapathObservabilityConfig?.enableRelay ?? false, false, "enableRelay");
      },
    }),
    change({
      title: "on",
      takeBack: ["dataplane"],
      layers: ["cluster"],
      plan: IN_PLACE,
      async verify(bench) {
        const { monitoringConfig } = await readCluster(bench);
        checkEqual(monitoringConfig?.advancedDatapathObservabilityConfig?.enableRelay, true, "enableRelay");
      },
    }),
  ],
};

/** The way back from all that was edited before, at once. */
export const TAKEN_BACK: Scenario = {
  id: "taken-back",
  title: "All edits are taken back in one deployment, and nothing is left of them",
  shows: "dayTwo",
  steps: [
    {
      title: "cdktf deploy of what ships",
      async run(bench) {
        bench.asShipped();
        await bench.deploy();
        await bench.expectEmptyPlans();
        checkEqual((await readCluster(bench)).resourceLabels?.["team"], undefined, "label team of the cluster");
        const [pool] = await readPools(bench, "general");
        checkEqual(pool?.config.labels?.["team"], undefined, "label team of the pool");
        await OPTIONS_TAKEN_BACK[bench.environment]?.(bench);
      },
    },
  ],
};

/** That what an option did is undone, too. */
const OPTIONS_TAKEN_BACK: Readonly<Partial<Record<EnvironmentName, (bench: Bench) => Promise<void>>>> = {
  async dev(bench) {
    checkEqual(await bench.kube().configMap("cni-configuration"), undefined, "ConfigMap cni-configuration");
  },
  async staging(bench) {
    const data = (await bench.kube().configMap("cilium-config"))?.data;
    check(data !== undefined && data["bpf-map-dynamic-size-ratio"] !== "0.005", "the BPF maps still are larger");
  },
  async prod(bench) {
    const object = await bench.kube().client.get<NetworkLoggingObject>(NETWORK_LOGGING);
    checkEqual(object.spec?.cluster?.allow?.log, false, "allow.log of the NetworkLogging object");
    const { monitoringConfig } = await readCluster(bench);
    checkEqual(monitoringConfig?.advancedDatapathObservabilityConfig?.enableRelay, true, "enableRelay");
  },
};
