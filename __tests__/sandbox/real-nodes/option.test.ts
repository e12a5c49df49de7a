import { parse } from "yaml";
import { kubeProxyManifest } from "../../../sandbox/real-nodes/node/kube-proxy-manifest";
import { realNodesWanted } from "../../../sandbox/real-nodes/option";

describe("SANDBOX_NODES", () => {
  test.each([
    [undefined, 0],
    ["played", 0],
    ["real", 2],
    ["real:3", 3],
  ])("%s: %d nodes of each cluster are real", (value, count) => {
    expect(realNodesWanted(value === undefined ? {} : { SANDBOX_NODES: value })).toBe(count);
  });

  test.each(["Real", "real:0", "real:x", "3"])("'%s' is refused with what is allowed", (value) => {
    expect(() => realNodesWanted({ SANDBOX_NODES: value })).toThrow(
      `SANDBOX_NODES is '${value}'; set it to 'real' (two nodes of each cluster), 'real:<number>' (so many) or 'played' (none)`,
    );
  });
});

test("a node's kube-proxy is a static pod of the host's network, as GKE writes it", () => {
  const manifest = parse(
    kubeProxyManifest({ controlPlane: "10.16.0.2", podsCidr: "10.20.0.0/14", version: "v1.33.13-gke.1000" }),
  );
  expect(manifest).toMatchObject({
    kind: "Pod",
    metadata: { name: "kube-proxy", namespace: "kube-system", labels: { component: "kube-proxy" } },
    spec: { hostNetwork: true, containers: [{ image: "gke.gcr.io/kube-proxy-amd64:v1.33.13-gke.1000" }] },
  });
  expect(manifest.spec.containers[0].command.at(-1)).toContain("--master=https://10.16.0.2");
});
