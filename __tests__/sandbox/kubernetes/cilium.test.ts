import type { ConfigMap, Deployment } from "../../../sandbox/kubernetes/client";
import { liftStartupTaints, registerDefinitions, registerEndpoints } from "../../../sandbox/kubernetes/controllers";
import { kubeNode, pod, pool, snapshot, TAINT } from "./fixtures";

const config = (data: Record<string, string> = {}): ConfigMap => ({
  metadata: { name: "cilium-config", namespace: "kube-system" },
  data,
});
const operator = pod("cilium-operator-1", { labels: { "io.cilium/app": "operator" }, ready: true });
const agent = (on: string, ready = true) => pod(`cilium-${on}`, { labels: { "k8s-app": "cilium" }, node: on, ready });

describe("the startup taint", () => {
  const nodes = [kubeNode("a"), kubeNode("b")];

  test("goes from the node whose agent is ready, and from no other", () => {
    const actions = liftStartupTaints(
      snapshot({ nodes, ciliumConfigs: [config()], pods: [operator, agent("a"), agent("b", false)] }),
    );
    expect(actions).toMatchObject([{ do: "change-node", node: "a" }]);
  });

  test("goes and leaves other taints alone, also those that came meanwhile", () => {
    const [action] = liftStartupTaints(snapshot({ nodes, ciliumConfigs: [config()], pods: [operator, agent("a")] }));
    const other = { key: "dedicated", effect: "NoSchedule" };
    const now = { ...nodes[0]!, spec: { taints: [other, TAINT] } };
    if (action?.do !== "change-node") throw new Error("no change of a node");
    expect(action.change(now)).toEqual({ spec: { taints: [other] } });
    expect(action.change({ ...now, spec: { taints: [other] } })).toBeUndefined();
  });

  test("stays while no operator is ready: it is the operator that takes it off", () => {
    expect(liftStartupTaints(snapshot({ nodes, ciliumConfigs: [config()], pods: [agent("a")] }))).toEqual([]);
  });

  test("stays where the release names another key than the pool", () => {
    const data = {
      "agent-not-ready-taint-key": "ignore-taint.cluster-autoscaler.kubernetes.io/cilium-agent-not-ready",
    };
    const pods = [operator, agent("a")];
    expect(liftStartupTaints(snapshot({ nodes, ciliumConfigs: [config(data)], pods }))).toEqual([]);
    const taints = [{ key: data["agent-not-ready-taint-key"], value: "true", effect: "NoExecute" }];
    const tainted = [kubeNode("a", { pool: pool({ taints }) })];
    expect(liftStartupTaints(snapshot({ nodes: tainted, ciliumConfigs: [config(data)], pods }))).toHaveLength(1);
  });

  test("stays where the release says so", () => {
    const ciliumConfigs = [config({ "remove-cilium-node-taints": "false" })];
    expect(liftStartupTaints(snapshot({ nodes, ciliumConfigs, pods: [operator, agent("a")] }))).toEqual([]);
  });

  test("stays where nobody installed Cilium", () => {
    expect(liftStartupTaints(snapshot({ nodes, pods: [operator, agent("a")] }))).toEqual([]);
  });
});

describe("Cilium's definitions", () => {
  const deployment = (available: boolean, revision = "1"): Deployment => ({
    metadata: {
      name: "cilium-operator",
      uid: "u",
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
    status: { conditions: [{ type: "Available", status: available ? "True" : "False" }] },
  });

  test("are registered when the operator is available, and once more when another revision is", () => {
    expect(registerDefinitions(snapshot({ deployments: [deployment(false)] }))).toEqual([]);
    const first = registerDefinitions(snapshot({ deployments: [deployment(true)] }));
    expect(first).toEqual([{ do: "register-cilium-definitions", operator: "u 1" }]);
    expect(registerDefinitions(snapshot({ deployments: [deployment(true, "2")] }))).not.toEqual(first);
  });
});

describe("endpoints of pods", () => {
  const born = "2026-11-26T10:00:00Z";
  const of = (name: string, scheduled: string, more: object = {}) => {
    const one = pod(name, { node: "a", ready: true });
    return {
      ...one,
      spec: { ...one.spec, ...more },
      status: {
        phase: "Running",
        conditions: [{ type: "PodScheduled", status: "True", lastTransitionTime: scheduled }],
      },
    };
  };
  const live: ConfigMap = { ...config(), metadata: { ...config().metadata, creationTimestamp: born } };
  const after = "2026-11-26T10:00:05Z";
  const registered = (given: Parameters<typeof snapshot>[0]) =>
    registerEndpoints(snapshot({ nodes: [kubeNode("a")], ciliumConfigs: [live], ...given })).map((action) =>
      action.do === "register-endpoint" ? action.name : action.do,
    );

  test("come to pods that were scheduled when there was a Cilium, where its agent is ready", () => {
    const pods = [agent("a"), of("new", after), of("old", "2026-11-26T09:59:00Z")];
    expect(registered({ pods })).toEqual(["new"]);
    expect(registered({ pods: [agent("a", false), of("new", after)] })).toEqual([]);
  });

  test("do not come to pods on the host's network, nor on nodes that have a real agent", () => {
    expect(registered({ pods: [agent("a"), of("host", after, { hostNetwork: true })] })).toEqual([]);
  });
});
