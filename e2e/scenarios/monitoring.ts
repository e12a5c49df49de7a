import type { KubernetesObject } from "../../sandbox/kubernetes/client";
import { check, checkEqual, checkMatches, eventuallyHolds } from "../harness/check";
import type { Scenario, Step } from "../harness/scenario";
import type { Bench } from "../rig/bench";
import type { CommandResult } from "../rig/command";
import type { Kube } from "../rig/kube";
import { carryOut, change, IN_PLACE } from "./day-two/change";
import { SETTLE_SECONDS } from "./promises/common";

const NAMESPACE = "cilium-monitoring";
/** API groups of the two operators. */
const OPERATOR = "monitoring.coreos.com";
const MANAGED = "monitoring.googleapis.com";
/** What monitoring makes in the project, by full resource name. */
const IN_GOOGLE = /\/(dashboards|alertPolicies|notificationChannels)\//;
/** Helm writes it on everything that it makes, wherever that is. */
const RELEASED_BY = "meta.helm.sh/release-namespace";

/** How Terraform announces what it will do to an object. */
const ANNOUNCED = /# (\S+)(?: \([^)]*\))? (?:will be (?:created|updated in-place|destroyed)|must be replaced)/g;

/** @throws CheckFailed where Terraform announced changes of other objects, or none of these. */
function checkTouched({ output }: CommandResult, expected: readonly string[]): void {
  const touched = [...output.matchAll(ANNOUNCED)].map(([, address]) => address);
  checkEqual([...new Set(touched)].sort(), [...expected].sort(), "what Terraform touched");
}

/** Monitoring's own resources of the project. */
function inGoogle(bench: Bench): Readonly<Record<string, unknown>> {
  const all = Object.entries(bench.cloud.resources(bench.project));
  return Object.fromEntries(all.filter(([name]) => IN_GOOGLE.test(name)));
}

/** Tells what Helm made for a release in the monitoring namespace. */
const OURS = ({ metadata }: KubernetesObject) => metadata.annotations?.[RELEASED_BY] === NAMESPACE;
const EVERYBODYS = () => true;

/** How often an API server is asked whose storage of a kind is not ready. */
const MOST_TRIES = 30;

/** `podmonitors cilium-monitoring cilium-agent`: objects of an operator's group, of whatever kind and namespace. */
async function customResources(kube: Kube, group: string, wanted = EVERYBODYS as typeof OURS): Promise<string[]> {
  const plurals = await kube.establishedCrds(group);
  // Kinds that are served in other versions only are nobody's here.
  const paths = plurals.map((plural) => `/apis/${group}/v1/${plural}`);
  for (let tries = 1; ; tries++) {
    try {
      return await listAll(kube, paths, wanted);
    } catch (error) {
      // The API server answers so for seconds after a definition was changed, and asks to be asked again.
      if (tries === MOST_TRIES || !/storage is \(re\)initializing/.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** What Helm made for releases in the monitoring namespace, outside of it. */
function strays(kube: Kube): Promise<string[]> {
  const rbac = ["clusterroles", "clusterrolebindings", "roles", "rolebindings"];
  const admission = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"];
  const paths = [
    ...rbac.map((plural) => `/apis/rbac.authorization.k8s.io/v1/${plural}`),
    ...admission.map((plural) => `/apis/admissionregistration.k8s.io/v1/${plural}`),
    "/api/v1/services",
    "/api/v1/configmaps",
  ];
  return listAll(kube, paths, (object) => OURS(object) && object.metadata.namespace !== NAMESPACE);
}

async function listAll(kube: Kube, paths: readonly string[], wanted: typeof OURS): Promise<string[]> {
  const lists = await Promise.all(
    paths.map(async (path) => {
      const found = (await kube.client.find<{ readonly items: readonly KubernetesObject[] }>(path))?.items ?? [];
      const plural = path.slice(path.lastIndexOf("/") + 1);
      return found.filter(wanted).map(({ metadata: { namespace, name } }) => [plural, namespace, name]);
    }),
  );
  return lists.flat().map((words) => words.filter((word) => word !== undefined).join(" "));
}

/** @throws CheckFailed while anything of monitoring is left, in the cluster or in the project. */
async function checkGone(bench: Bench): Promise<void> {
  const kube = bench.kube();
  checkEqual(await kube.client.find(`/api/v1/namespaces/${NAMESPACE}`), undefined, `namespace ${NAMESPACE}`);
  checkEqual(await customResources(kube, OPERATOR), [], `objects of ${OPERATOR}`);
  // GKE has some of its own.
  checkEqual(await customResources(kube, MANAGED, OURS), [], `objects of ${MANAGED}`);
  checkEqual(await strays(kube), [], "objects outside the namespace");
  checkEqual(Object.keys(inGoogle(bench)), [], "resources of Cloud Monitoring");
}

/** What tells whether somebody has touched the networking: its state, and the agents as the cluster has them. */
async function networking(bench: Bench): Promise<object> {
  const state = await bench.terraform("state-pull", "networking", ["state", "pull"]);
  check(state.code === 0, `terraform state pull failed:\n${state.output}`);
  const { lineage, serial } = JSON.parse(state.stdout) as { readonly lineage: string; readonly serial: number };
  const agents = (await bench.kube().daemonSets()).filter(({ metadata }) => /^(cilium|anetd)/.test(metadata.name));
  check(agents.length > 0, "there is no DaemonSet of Cilium");
  const pods = (await bench.kube().pods("k8s-app=cilium")).map(({ metadata }) => metadata.uid).sort();
  const sets = agents.map(({ metadata: { name, uid }, status }) => ({
    name,
    uid,
    generation: status?.observedGeneration,
  }));
  return { lineage, serial, sets, pods };
}

/** Carries something out that the networking must not notice. */
async function besideNetworking(bench: Bench, work: () => Promise<unknown>): Promise<void> {
  const before = await networking(bench);
  await work();
  checkEqual(await networking(bench), before, "the networking");
}

/** One option of Prometheus in the cluster. */
const RETENTION: Step = change({
  title: "longer retention: only the release of Prometheus is changed, in place",
  edits: ["monitoring=longer-retention"],
  layers: ["monitoring"],
  plan: /Plan: 0 to add, 1 to change, 0 to destroy\./,
  async verify(bench, result) {
    checkTouched(result, ["helm_release.stack"]);
    const [server] = await bench
      .kube()
      .client.list<KubernetesObject & { readonly spec: { readonly retention?: string } }>(
        `/apis/${OPERATOR}/v1/namespaces/${NAMESPACE}/prometheuses`,
      );
    checkEqual(server?.spec.retention, "30d", "retention of Prometheus");
    await bench.expectEmptyPlans(["networking"]);
  },
});

/** @throws CheckFailed where the operator of Prometheus lacks anything to work on. */
async function checkInCluster(kube: Kube): Promise<void> {
  const found = await customResources(kube, OPERATOR);
  for (const plural of ["podmonitors", "prometheusrules", "prometheuses", "alertmanagers"])
    check(
      found.some((line) => line.startsWith(`${plural} ${NAMESPACE} `)),
      `there is no object of ${plural}, only ${found.join(", ")}`,
    );
}

/** Prometheus in the cluster: an option, then away with it all, then back. */
export const MONITORING: Scenario = {
  id: "monitoring",
  title: "Monitoring is changed, destroyed and deployed again, and the networking does not notice",
  shows: "dayTwo",
  environments: ["dev"],
  beside: true,
  steps: [
    {
      title: RETENTION.title,
      run: (bench) => besideNetworking(bench, () => RETENTION.run(bench)),
    },
    {
      title: "cdktf destroy of monitoring: no namespace, no custom resource, no role is left",
      run: (bench) =>
        besideNetworking(bench, async () => {
          const before = await customResources(bench.kube(), OPERATOR);
          check(before.length > 0, `there was no object of ${OPERATOR} to begin with`);
          await bench.destroy({ layers: ["monitoring"] });
          await eventuallyHolds(SETTLE_SECONDS, () => checkGone(bench));
          bench.note(`${before.length} custom resources are gone`);
        }),
    },
    {
      title: "and deployed again, with an empty plan of it and of the networking",
      run: (bench) =>
        besideNetworking(bench, async () => {
          bench.takeBack("monitoring");
          await bench.deploy({ layers: ["monitoring"] });
          await checkInCluster(bench.kube());
          await bench.expectEmptyPlans(["monitoring", "networking"]);
        }),
    },
  ],
};

/** @throws CheckFailed where Prometheus in the cluster has not taken over. */
async function backInCluster(bench: Bench): Promise<void> {
  const kube = bench.kube();
  checkEqual(await customResources(kube, MANAGED, OURS), [], `objects of ${MANAGED}`);
  checkEqual(Object.keys(inGoogle(bench)), [], "resources of Cloud Monitoring");
  await checkInCluster(kube);
}

/** The other kind of monitoring, on a Cilium of one's own. */
export const MONITORING_KIND: Scenario = {
  id: "monitoring-kind",
  title: "Prometheus in the cluster makes way for Google's, which watches Cilium's own agents",
  shows: "dayTwo",
  environments: ["staging"],
  slow: true,
  steps: [
    {
      title: "the cluster gets managed Prometheus, in place",
      run: (bench) => carryOut(bench, { edits: ["monitoring=managed"], layers: ["cluster"], plan: IN_PLACE }),
    },
    {
      title: "the addon is of the other kind, and nothing is left of the one before",
      run: (bench) =>
        besideNetworking(bench, async () => {
          await bench.deploy({ layers: ["monitoring"] });
          const kube = bench.kube();
          const found = await customResources(kube, MANAGED);
          for (const name of ["cilium-agent", "cilium-operator", "cilium-envoy", "hubble", "hubble-relay"])
            check(
              found.includes(`clusterpodmonitorings ${name}`),
              `nothing scrapes ${name}; there are ${found.join(", ")}`,
            );
          const made = Object.keys(inGoogle(bench));
          for (const kind of ["dashboards", "alertPolicies", "notificationChannels"])
            check(
              made.some((name) => name.includes(`/${kind}/`)),
              `there is nothing of ${kind} in the project`,
            );
          for (const name of ["grafana", "prometheus-frontend"])
            check((await kube.deployment(name, NAMESPACE)) !== undefined, `there is no Deployment ${name}`);
          checkEqual(
            (await kube.helmReleases(NAMESPACE)).sort(),
            ["cilium-scrape", "kube-prometheus-stack", "prometheus-frontend"],
            "Helm releases",
          );
          bench.note(`${found.length} custom resources, ${made.length} resources of Cloud Monitoring`);
          await eventuallyHolds(SETTLE_SECONDS, async () => {
            checkEqual(await customResources(kube, OPERATOR), [], `objects of ${OPERATOR}`);
            checkEqual(await strays(kube), [], "objects outside the namespace");
          });
          await bench.expectEmptyPlans(["networking", "monitoring"]);
        }),
    },
    {
      title: "and back: Google's stays on until nothing needs its definitions any more",
      run: (bench) =>
        besideNetworking(bench, async () => {
          await carryOut(bench, {
            edits: ["managed-prometheus"],
            takeBack: ["monitoring"],
            layers: ["monitoring"],
            verify: () => backInCluster(bench),
          });
          // The cluster already is as the edits have it: one deployment of all stacks would have done the same.
          await bench.expectEmptyPlans(["cluster", "networking"]);
        }),
    },
  ],
};

/** Managed Prometheus in a protected environment: a limit, then away with it all. */
export const MONITORING_MANAGED: Scenario = {
  id: "monitoring-managed",
  title: "A limit changes its one alert policy, and monitoring can be taken away from a protected environment",
  shows: "dayTwo",
  environments: ["prod"],
  beside: true,
  steps: [
    {
      title: "another limit: only its alert policy is changed, in place",
      run: (bench) =>
        besideNetworking(bench, async () => {
          const before = inGoogle(bench);
          await carryOut(bench, {
            edits: ["monitoring=managed-lower-limit"],
            layers: ["monitoring"],
            plan: /Plan: 0 to add, 1 to change, 0 to destroy\./,
            verify: (_bench, result) =>
              checkTouched(result, ["google_monitoring_alert_policy.alert-DataplaneV2DroppedFlowsHigh"]),
          });
          const after = inGoogle(bench);
          checkEqual(Object.keys(after), Object.keys(before), "resources of Cloud Monitoring");
          const changed = Object.keys(after).filter(
            (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
          );
          checkEqual(changed.length, 1, "number of resources that were written");
          checkMatches(JSON.stringify(after[changed[0]!]), /> 0\.05"/, "its query");
          await bench.expectEmptyPlans(["networking"]);
        }),
    },
    {
      title: "taken out of the environment: no alert policy, no dashboard, nothing in the cluster is left",
      run: (bench) =>
        besideNetworking(bench, async () => {
          const before = Object.keys(inGoogle(bench));
          check(before.length > 0, "there was nothing of Cloud Monitoring to begin with");
          await carryOut(bench, {
            edits: ["monitoring=none"],
            layers: ["monitoring"],
            plan: /Plan: 0 to add, 0 to change, [1-9]\d* to destroy\./,
          });
          await eventuallyHolds(SETTLE_SECONDS, () => checkGone(bench));
          bench.note(`${before.length} resources of Cloud Monitoring are gone`);
        }),
    },
  ],
};
