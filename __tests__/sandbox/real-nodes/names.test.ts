import { hostsOf, namesOfServices, resolverOf } from "../../../sandbox/real-nodes/kubelet/names";
import type { FullPod } from "../../../sandbox/real-nodes/kubelet/pod";

const service = (name: string, clusterIP?: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "kube-system" },
  spec: { ...(clusterIP === undefined ? {} : { clusterIP }) },
});
const pod = (spec: object) =>
  ({ metadata: { name: "a", namespace: "b" }, spec: { containers: [], ...spec } }) as FullPod;

describe("names in the cluster", () => {
  test("are those of Services with an address of their own", () => {
    expect(
      namesOfServices([service("z", "10.0.0.9"), service("headless", "None"), service("a", "10.0.0.8"), service("n")]),
    ).toBe("a.kube-system.svc.cluster.local=10.0.0.8\nz.kube-system.svc.cluster.local=10.0.0.9\n");
  });

  test.each<[string, object]>([
    ["a pod that says nothing", {}],
    ["a pod of the host's network that asks for it", { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }],
  ])("are asked for by %s", (_what, spec) => {
    expect(resolverOf(pod(spec), "10.0.0.10")).toBe(
      "search b.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.0.0.10\noptions ndots:5\n",
    );
  });

  test("may be a pod's own, behind those of its node", () => {
    const hostAliases = [{ ip: "10.96.0.10", hostnames: ["osaka.mesh.cilium.io", "osaka"] }, { ip: "10.0.0.1" }];
    expect(hostsOf(pod({ hostAliases }), "127.0.0.1 localhost\n")).toBe(
      "127.0.0.1 localhost\n10.96.0.10\tosaka.mesh.cilium.io\tosaka\n10.0.0.1\n",
    );
    expect(hostsOf(pod({ hostAliases: [] }), "127.0.0.1 localhost\n")).toBeUndefined();
    expect(hostsOf(pod({}), "127.0.0.1 localhost\n")).toBeUndefined();
  });

  test.each<[string, object]>([
    ["a pod of the host's network", { hostNetwork: true }],
    ["a pod with the node's resolver", { dnsPolicy: "Default" }],
  ])("are nothing to %s", (_what, spec) => {
    expect(resolverOf(pod(spec), "10.0.0.10")).toBeUndefined();
  });
});
