import { agentFlags } from "../../facts/cilium";
import type { Asked } from "../asked";
import { count, isTrue, type Pod, some, type Workload } from "../objects";
import { about, type StatusFinding } from "./finding";
import type { ClusterSnapshot } from "./snapshot";

/** Flags that the chart writes in a form of its own, so that a value cannot be compared with them as text. */
const WRITTEN_OTHERWISE: readonly string[] = [
  "enable-health-check-loadbalancer-ip",
  "enable-endpoint-routes",
  "prometheus-serve-addr",
  "operator-prometheus-serve-addr",
  "hubble-metrics-server",
  "enable-policy",
];

/** Flags that the chart composes, and the value that is the whole of it where it is written at all. */
const COMPOSED: Readonly<Record<string, string>> = {
  "cni-chaining-mode": "cni.chainingMode",
  "enable-ipv4-masquerade": "enableIPv4Masquerade",
  ipam: "ipam.mode",
  "kube-proxy-replacement": "kubeProxyReplacement",
  "routing-mode": "routingMode",
  "tunnel-protocol": "tunnelProtocol",
};

/** The agents, what belongs to them, and whether they are the version and have the configuration that was asked for. */
export function agentFindings(snapshot: ClusterSnapshot, asked: Asked): StatusFinding[] {
  const { place, daemonSets } = snapshot;
  const { wrong } = about("agents");
  const agents = daemonSets.find(({ metadata }) => metadata.name === place.daemonSet);
  if (agents === undefined)
    return [
      wrong(
        place.daemonSet,
        `there is no DaemonSet ${place.namespace}/${place.daemonSet}`,
        asked.cilium
          ? `deploy ${asked.environment}-networking; where it was deployed, docs/rollback.md`
          : "look at the cluster in the console: on Dataplane V2 GKE brings it",
      ),
    ];
  return [
    readiness(agents, snapshot),
    ...versions(agents, snapshot, asked),
    ...configuration(snapshot, asked),
    ...companions(snapshot, asked),
  ];
}

/** The pods of the agents. */
export function agentPods({ pods, place }: ClusterSnapshot): Pod[] {
  const [name, value] = place.label;
  return pods.filter(
    ({ metadata }) =>
      metadata.namespace === place.namespace && metadata.labels?.[name] === value && !isOperator(metadata),
  );
}

function isOperator({ name }: Pod["metadata"]): boolean {
  return name.includes("operator");
}

function readiness(agents: Workload, snapshot: ClusterSnapshot): StatusFinding {
  const { ok, wrong } = about("agents");
  const {
    desiredNumberScheduled: wanted = 0,
    numberReady: ready = 0,
    updatedNumberScheduled: updated = wanted,
  } = agents.status ?? {};
  const title = agents.metadata.name;
  const troubled = agentPods(snapshot).filter((pod) => !isTrue(pod, "Ready"));
  if (wanted > 0 && ready === wanted && updated === wanted)
    return ok(title, `${ready} of ${count(wanted, "node")} ready`);
  const where = troubled.map((pod) => `${pod.spec?.nodeName ?? pod.metadata.name}${reasonOf(pod)}`);
  const behind = updated < wanted ? `, ${updated} of ${wanted} with the newest template` : "";
  return wrong(
    title,
    wanted === 0
      ? "no node is to run an agent"
      : `${ready} of ${wanted} ready${behind}${where.length > 0 ? `: ${some(where)}` : ""}`,
    `wait where a roll-out goes on; else kubectl --namespace ${agents.metadata.namespace} describe pod on that node, and its logs`,
  );
}

/** Why a pod is not ready, in its container's words. */
function reasonOf({ status }: Pod): string {
  const waiting = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
    ({ ready, state }) => ready !== true && state?.waiting,
  );
  const reason = waiting?.state?.waiting?.reason ?? status?.reason;
  return reason === undefined ? "" : ` (${waiting ? `${waiting.name}: ` : ""}${reason})`;
}

/** Agents of several images, or of another one than was asked for. */
function versions(agents: Workload, snapshot: ClusterSnapshot, asked: Asked): StatusFinding[] {
  const { ok, wrong, doubt } = about("agents");
  const images = new Map<string, number>();
  for (const pod of agentPods(snapshot)) {
    const image = pod.spec?.containers?.find(({ name }) => name === "cilium-agent")?.image;
    if (image !== undefined) images.set(versionOf(image), (images.get(versionOf(image)) ?? 0) + 1);
  }
  const listed = [...images].map(([version, number]) => `${version} (${count(number, "node")})`).join(", ");
  const wanted = versionOf(
    agents.spec?.template?.spec?.containers?.find(({ name }) => name === "cilium-agent")?.image ?? "",
  );
  const findings: StatusFinding[] = [];
  if (images.size > 1)
    findings.push(
      doubt("version skew", listed, "wait for the roll-out; a node that stays behind has a pod that does not end"),
    );
  else if (images.size === 1) findings.push(ok("version", listed));
  const { cilium } = asked;
  if (cilium !== undefined && !hasOwnImage(cilium.values) && wanted.replace(/^v/, "") !== cilium.version)
    findings.push(
      wrong(
        "version",
        `the cluster has ${wanted || "none"}, ${cilium.version} was asked for`,
        `deploy ${asked.environment}-networking, or synthesize what was deployed`,
      ),
    );
  return findings;
}

function hasOwnImage(values: Readonly<Record<string, unknown>>): boolean {
  const image = values["image"];
  return typeof image === "object" && image !== null && ("tag" in image || "override" in image);
}

/** The tag of an image, or the end of its digest. */
function versionOf(image: string): string {
  const [name = "", digest] = image.split("@");
  return /:([^/:]+)$/.exec(name)?.[1] ?? digest?.slice(0, 19) ?? name;
}

/** Values that became flags of the agents, compared with the flags that they have. */
function configuration({ config }: ClusterSnapshot, { cilium, environment }: Asked): StatusFinding[] {
  if (cilium === undefined) return [];
  const { ok, wrong, refused } = about("agents");
  if (config.refused) return [refused("configuration", config.refused)];
  const data = config.is?.data;
  if (data === undefined)
    return [
      wrong(
        "configuration",
        `there is no ConfigMap ${cilium.namespace}/cilium-config`,
        `deploy ${environment}-networking`,
      ),
    ];
  const differing: string[] = [];
  let compared = 0;
  for (const { flag, path = COMPOSED[flag] } of agentFlags()) {
    const asked = path === undefined ? undefined : at(cilium.values, path);
    const live = data[flag];
    if (
      live === undefined ||
      !["string", "number", "boolean"].includes(typeof asked) ||
      WRITTEN_OTHERWISE.includes(flag)
    )
      continue;
    // Terraform fills it in.
    if (String(asked).includes("${")) continue;
    compared += 1;
    if (String(asked) !== live) differing.push(`${flag} is ${live}, ${path} is ${asked}`);
  }
  return differing.length === 0
    ? [ok("configuration", `${count(compared, "flag")} as asked`)]
    : [wrong("configuration", some(differing, 10), `cdktf diff ${environment}-networking; then deploy what is meant`)];
}

function at(values: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
}

/** Deployments and DaemonSets that belong to the release. */
function companions({ deployments, daemonSets }: ClusterSnapshot, { cilium }: Asked): StatusFinding[] {
  const { ok, wrong, refused } = about("agents");
  if (cilium === undefined) return [];
  const sets = daemonSets
    .filter(({ metadata }) => ["cilium-envoy", "cilium-node-init"].includes(metadata.name))
    .map(({ metadata, status }) => ({
      name: metadata.name,
      wanted: status?.desiredNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
    }));
  if (deployments.refused) return [refused("operator, relay and UI", deployments.refused)];
  const parts = [
    ["cilium-operator", true],
    ["hubble-relay", at(cilium.values, "hubble.relay.enabled") === true],
    ["hubble-ui", at(cilium.values, "hubble.ui.enabled") === true],
  ] as const;
  const found = parts.flatMap(([name, expected]) => {
    const deployment = deployments.is.find(({ metadata }) => metadata.name === name);
    if (deployment === undefined) return expected ? [{ name, wanted: 1, ready: 0 }] : [];
    return [{ name, wanted: deployment.spec?.replicas ?? 1, ready: deployment.status?.readyReplicas ?? 0 }];
  });
  return [...sets, ...found].map(({ name, wanted, ready }) =>
    ready >= wanted
      ? ok(name, `${ready} of ${wanted} ready`)
      : wrong(
          name,
          `${ready} of ${wanted} ready`,
          `kubectl --namespace ${cilium.namespace} get pods -o wide, and describe those of ${name}`,
        ),
  );
}
