import type { KubeNode, Pod } from "../../../sandbox/kubernetes/client";
import { mirrorKubeProxy, releaseHeldPods } from "../../../sandbox/kubernetes/controllers";
import { KUBE_PROXY_ANNOTATION } from "../../../sandbox/kubernetes/nodes";
import { cluster, kubeNode, pod, snapshot } from "./fixtures";

const script = (action: string, ready = true): Pod => {
  const base = pod(`disabler-${action}`, { node: "a", ready });
  const command = ["bash", "/opt/kube-proxy-disabler/kube-proxy-disabler.sh", action];
  return { ...base, spec: { ...base.spec, containers: [{ name: "c", command }] } };
};
const withManifest = (state: string): KubeNode => {
  const node = kubeNode("a");
  return { ...node, metadata: { ...node.metadata, annotations: { [KUBE_PROXY_ANNOTATION]: state } } };
};
const mirror = pod("kube-proxy-a", {
  node: "a",
  ready: true,
  labels: { component: "kube-proxy" },
  annotations: { "kubernetes.io/config.mirror": "x" },
});

describe("GKE's kube-proxy", () => {
  test("runs on every new node, as a static pod with the node's version that goes with the node", () => {
    const [action] = mirrorKubeProxy(snapshot({ nodes: [kubeNode("a")] }));
    expect(action).toMatchObject({
      do: "create",
      object: {
        metadata: {
          name: "kube-proxy-a",
          labels: { component: "kube-proxy", tier: "node" },
          ownerReferences: [{ kind: "Node", name: "a" }],
        },
        spec: {
          nodeName: "a",
          hostNetwork: true,
          containers: [{ image: "gke.gcr.io/kube-proxy-amd64:v1.33.13-gke.1000" }],
        },
      },
    });
  });

  test("is left alone where it runs", () => {
    expect(mirrorKubeProxy(snapshot({ nodes: [kubeNode("a")], pods: [mirror] }))).toEqual([]);
  });

  test("does not exist with Dataplane V2", () => {
    const v2 = cluster({ resource: { networkConfig: { datapathProvider: "ADVANCED_DATAPATH" } } });
    expect(mirrorKubeProxy(snapshot({ nodes: [kubeNode("a", { cluster: v2 })] }))).toEqual([]);
  });

  test("goes from the node where the pod that removes it is ready", () => {
    const actions = mirrorKubeProxy(snapshot({ nodes: [kubeNode("a")], pods: [mirror, script("disable")] }));
    expect(actions.map((action) => action.do)).toEqual(["change-node", "delete"]);
    expect(mirrorKubeProxy(snapshot({ nodes: [kubeNode("a")], pods: [mirror, script("disable", false)] }))).toEqual([]);
  });

  test("stays away when that pod is gone, until one that restores it is ready", () => {
    expect(mirrorKubeProxy(snapshot({ nodes: [withManifest("absent")] }))).toEqual([]);
    const actions = mirrorKubeProxy(snapshot({ nodes: [withManifest("absent")], pods: [script("restore")] }));
    expect(actions.map((action) => action.do)).toEqual(["change-node", "create"]);
  });

  test("stays as it is while one pod removes and another restores it", () => {
    const pods = [mirror, script("disable"), script("restore")];
    expect(mirrorKubeProxy(snapshot({ nodes: [kubeNode("a")], pods }))).toEqual([]);
  });
});

describe("a pod whose init containers wait for its node", () => {
  const waiting = (container: string): Pod => {
    const base = pod("cilium-x", { node: "a" });
    return { ...base, spec: { ...base.spec, initContainers: [{ name: container }] } };
  };
  const released = (nodes: KubeNode[], pods: Pod[]) => releaseHeldPods(snapshot({ nodes, pods })).length === 1;

  test("runs after kube-proxy has left the node", () => {
    expect(released([withManifest("present")], [waiting("wait-for-kube-proxy-gone")])).toBe(false);
    expect(released([withManifest("absent")], [waiting("wait-for-kube-proxy-gone")])).toBe(true);
  });

  test("runs after nodeinit has prepared the node", () => {
    const nodeInit = (ready: boolean) => pod("init", { node: "a", labels: { app: "cilium-node-init" }, ready });
    expect(released([kubeNode("a")], [waiting("wait-for-node-init"), nodeInit(false)])).toBe(false);
    expect(released([kubeNode("a")], [waiting("wait-for-node-init"), nodeInit(true)])).toBe(true);
  });

  test("is none of ours where its init containers wait for nothing", () => {
    expect(released([kubeNode("a")], [waiting("mount-cgroup")])).toBe(false);
  });
});
