import { CHAINED_STARTUP_TAINT_KEY, Dataplane, DEFAULT_STARTUP_TAINT_KEY } from "../../lib/dataplane";
import { type EnvironmentDefinition, type EnvironmentNodePool, environmentsProblems } from "../../lib/environment";
import { type SynthesizedStack, synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

interface Pool {
  readonly name: string;
  readonly node_config: { readonly taint: readonly { key: string }[]; readonly labels: Record<string, string> };
}
const GENERAL: EnvironmentNodePool = { name: "general", minNodes: 3, maxNodes: 9 };
const NEW: EnvironmentNodePool = { name: "new", minNodes: 3, maxNodes: 9 };

function environment(dataplane: Dataplane, ...nodePools: EnvironmentNodePool[]): EnvironmentDefinition {
  return { ...definition(), dataplane, nodePools };
}

/** The pools of a cluster stack, by the names that their author gave. */
function pools(given: EnvironmentDefinition) {
  const stack = synthEnvironment(given)["staging-cluster"] as SynthesizedStack;
  const all = Object.values(stack.resource["google_container_node_pool"] as unknown as Record<string, Pool>);
  return Object.fromEntries(
    all.map(({ name, node_config: { taint, labels } }) => [
      name.replace(/-\w{6}$/, ""),
      { name, taints: taint.map(({ key }) => key), labels },
    ]),
  );
}

const values = (given: EnvironmentDefinition) => {
  const stack = synthEnvironment(given)["staging-networking"] as SynthesizedStack;
  const { values } = Object.values(stack.resource["helm_release"] as Record<string, { values: unknown[] }>)[0]!;
  return values[0] as { affinity: object; nodeinit: { affinity?: object }; agentNotReadyTaintKey: string };
};

describe.each([
  ["from chaining to kube-proxy-free", Dataplane.cniChaining(), Dataplane.kubeProxyFree({ kubeProxy: "coexist" })],
  ["from kube-proxy-free to chaining", Dataplane.kubeProxyFree({ kubeProxy: "restore" }), Dataplane.cniChaining()],
])("a switch of the dataplane %s", (_, before, after) => {
  const waiting = environment(before, GENERAL, { ...NEW, dataplane: after });
  const switched = environment(after, NEW);

  test("new nodes wait with a taint that the present Cilium does not lift, and keep it off themselves", () => {
    expect(environmentsProblems([waiting])).toEqual([]);
    const { general, new: fresh } = pools(waiting);
    expect(general!.taints).toEqual([before.startupTaint!.key]);
    expect(fresh!.taints).toEqual([after.startupTaint!.key]);
    expect(fresh!.taints).not.toEqual(general!.taints);
    expect(fresh!.labels).toMatchObject({ "cdktf-gke-cilium/waits-for": after.kind });
    expect(general!.labels).not.toHaveProperty("cdktf-gke-cilium/waits-for");
    const { affinity, nodeinit, agentNotReadyTaintKey } = values(waiting);
    expect(agentNotReadyTaintKey).toBe(before.startupTaint!.key);
    const expression = `{"key":"cdktf-gke-cilium/waits-for","operator":"NotIn","values":["${after.kind}"]}`;
    expect(JSON.stringify(affinity)).toContain(expression);
    expect(JSON.stringify(nodeinit.affinity)).toContain(expression);
  });

  test("they are the same pool afterwards, and the pool of before is not changed but left out", () => {
    const [during, then] = [pools(waiting), pools(switched)];
    expect(then["new"]!.name).toBe(during["new"]!.name);
    expect(then["new"]!.taints).toEqual(during["new"]!.taints);
    expect(values(switched).agentNotReadyTaintKey).toBe(after.startupTaint!.key);
    expect(JSON.stringify(values(switched).affinity)).not.toContain(after.kind);
  });

  test("a pool that is taken along gets a successor, so that no node goes on under another dataplane", () => {
    expect(pools(environment(after, GENERAL))["general"]!.name).not.toBe(
      pools(environment(before, GENERAL))["general"]!.name,
    );
  });
});

test("the two kinds have keys of their own, and a key of one's own gives every pool a successor", () => {
  expect(Dataplane.cniChaining().startupTaint?.key).toBe(CHAINED_STARTUP_TAINT_KEY);
  expect(Dataplane.kubeProxyFree().startupTaint?.key).toBe(DEFAULT_STARTUP_TAINT_KEY);
  const named = (options: Parameters<typeof Dataplane.kubeProxyFree>[0]) =>
    pools(environment(Dataplane.kubeProxyFree(options), GENERAL))["general"]!.name;
  const startupTaintKey = "ignore-taint.cluster-autoscaler.kubernetes.io/acme";
  expect(new Set([named({}), named({ startupTaintKey }), named({ startupTaintEffect: "NO_SCHEDULE" })]).size).toBe(3);
  expect(named({ startupTaintEffect: "NO_EXECUTE" })).toBe(named({}));
});

test.each<[string, EnvironmentDefinition, RegExp]>([
  [
    "another datapath",
    environment(Dataplane.cniChaining(), GENERAL, { ...NEW, dataplane: Dataplane.v2() }),
    /'nodePools\[1\]\.dataplane' \(dataplane-v2\) needs the datapath ADVANCED_DATAPATH/,
  ],
  [
    "the dataplane that it has",
    environment(Dataplane.cniChaining(), GENERAL, { ...NEW, dataplane: Dataplane.cniChaining() }),
    /'nodePools\[1\]\.dataplane' \(cni-chaining\) is the dataplane that the environment has/,
  ],
  [
    "one whose nodes the present Cilium would open",
    environment(Dataplane.cniChaining({ startupTaintKey: DEFAULT_STARTUP_TAINT_KEY }), GENERAL, {
      ...NEW,
      dataplane: Dataplane.kubeProxyFree(),
    }),
    /waits with the startup taint that the present Cilium lifts/,
  ],
  [
    "one with a mistake in it",
    environment(Dataplane.cniChaining(), GENERAL, {
      ...NEW,
      dataplane: Dataplane.kubeProxyFree({ values: { tunnel: "vxlan" } }),
    }),
    /'nodePools\[1\]\.dataplane\.values\.tunnel'/,
  ],
  [
    "what is no dataplane",
    environment(Dataplane.cniChaining(), GENERAL, { ...NEW, dataplane: "cni-chaining" as unknown as Dataplane }),
    /'nodePools\[1\]\.dataplane'/,
  ],
])("a pool cannot wait for %s", (_, given, rule) => {
  const problems = environmentsProblems([given]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(rule);
});
