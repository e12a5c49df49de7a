import { chooseConfiguration } from "../../../sandbox/real-nodes/kubelet/cni";
import { expand, fieldOf } from "../../../sandbox/real-nodes/kubelet/environment";
import { runnable } from "../../../sandbox/real-nodes/kubelet/images";
import type { FullPod } from "../../../sandbox/real-nodes/kubelet/pod";
import { type ContainerState, podStatus } from "../../../sandbox/real-nodes/kubelet/pod-status";

const conflist = (name: string) => JSON.stringify({ name, cniVersion: "0.3.1", plugins: [{ type: "ptp" }] });

describe("the configuration that a runtime chooses", () => {
  test("is the first by name, whatever the order in which files are found", () => {
    const files = { "10-containerd-net.conflist": conflist("gke"), "05-cilium.conflist": conflist("cilium") };
    expect(chooseConfiguration(files)?.name).toBe("cilium");
  });

  test("is none that is not understood, not of a known ending, or put aside", () => {
    expect(
      chooseConfiguration({
        "01-broken.conf": "{",
        "02-nameless.conflist": JSON.stringify({ plugins: [{ type: "ptp" }] }),
        "03-empty.conflist": JSON.stringify({ name: "empty", plugins: [] }),
        "04-gke.conflist.cilium_bak": conflist("gke"),
      }),
    ).toBeUndefined();
  });

  test("may be a single plugin", () => {
    const single = { "05-cilium.conf": JSON.stringify({ name: "cilium", type: "cilium-cni" }) };
    expect(chooseConfiguration(single)?.plugins).toEqual([{ name: "cilium", type: "cilium-cni" }]);
  });
});

describe("a container's environment", () => {
  test("replaces known variables only", () => {
    expect(expand("$(A) $(B) $$(A) $A", { A: "1" })).toBe("1 $(B) $(A) $A");
  });

  test("has fields of the pod", () => {
    const pod = { metadata: { name: "a", labels: { "app.kubernetes.io/name": "x" } }, spec: { containers: [] } };
    expect(fieldOf(pod as FullPod, "metadata.labels['app.kubernetes.io/name']")).toBe("x");
    expect(fieldOf(pod as FullPod, "metadata.name")).toBe("a");
  });
});

describe("what is run for real", () => {
  const options = { wholeImage: false, programs: new Set(["hubble-relay"]) };
  const how = (image: string) => runnable({ name: "one", image }, options);

  test.each([
    "quay.io/cilium/cilium:v1.20.2@sha256:2939",
    "mirror.example.com:5000/cilium/cilium:v1.20.2",
    "gke.gcr.io/kube-proxy-amd64:v1.33.13-gke.1000",
    "quay.io/cilium/startup-script:1755531540-60ee83e@sha256:00",
    "quay.io/cilium/hubble-relay:v1.20.2",
  ])("%s is", (image) => expect(how(image)).toBeDefined());

  test.each(["quay.io/cilium/hubble-ui:v0.13.3", "quay.io/cilium/operator-generic:v1.20.2", "nginx"])(
    "%s is not, for want of a program",
    (image) => expect(how(image)).toBeUndefined(),
  );

  test("a mesh's API server is, where its etcd is there as well", () => {
    const image = "quay.io/cilium/clustermesh-apiserver:v1.20.2";
    const found = (...programs: readonly string[]) =>
      runnable({ name: "one", image }, { wholeImage: false, programs: new Set(programs) });
    expect(found("clustermesh-apiserver", "etcd")).toBeDefined();
    expect(found("clustermesh-apiserver")).toBeUndefined();
    expect(found("etcd")).toBeUndefined();
  });
});

describe("a pod's status", () => {
  const pod = {
    metadata: { name: "a" },
    spec: { initContainers: [{ name: "init", image: "x" }], containers: [{ name: "main", image: "x" }] },
  } as FullPod;
  const facts = { address: "10.16.0.3", podAddress: "10.20.0.5", kubernetesService: "10.24.0.1" };
  const status = (init: ContainerState, main: ContainerState) =>
    podStatus(
      pod,
      new Map([
        ["init", init],
        ["main", main],
      ]),
      facts,
      "why",
    ) as {
      phase: string;
      conditions: { type: string; status: string; message?: string }[];
    };
  const ready = (of: ReturnType<typeof status>) => of.conditions.find(({ type }) => type === "Ready");
  const startedAt = new Date(0);

  test("is pending while init containers run, and tells why", () => {
    const now = status({ kind: "waiting", restarts: 1 }, { kind: "waiting", restarts: 0 });
    expect(now.phase).toBe("Pending");
    expect(ready(now)).toMatchObject({ status: "False", message: "why" });
  });

  test("is ready when its containers are", () => {
    const done: ContainerState = { kind: "completed", restarts: 0 };
    const running = (isReady: boolean): ContainerState => ({
      kind: "running",
      restarts: 0,
      started: true,
      ready: isReady,
      startedAt,
    });
    expect(ready(status(done, running(true)))?.status).toBe("True");
    expect(ready(status(done, running(false)))?.status).toBe("False");
    expect(status(done, done).phase).toBe("Succeeded");
  });

  test("has failed when a container did, with what it said at its end", () => {
    const done: ContainerState = { kind: "completed", restarts: 0 };
    const now = status(done, { ...done, exitCode: 3, message: "why" });
    expect(now.phase).toBe("Failed");
    expect(JSON.stringify(now)).toContain('{"exitCode":3,"reason":"Error","message":"why"}');
  });
});
