import { gzipSync } from "node:zlib";
import { dataplaneOf, withValue } from "../../lib/adopt/dataplane";
import { definitionOf } from "../../lib/adopt/definition";
import type { Draft } from "../../lib/adopt/draft";
import { ciliumRelease, decodeRelease, type Secret } from "../../lib/adopt/helm-release";
import { keepValues } from "../../lib/adopt/release-values";
import { describeEnvironment } from "../../lib/environment";

function secret(revision: number, release: object): Secret {
  const packed = gzipSync(JSON.stringify(release)).toString("base64");
  return {
    metadata: { labels: { owner: "helm", version: String(revision) } },
    data: { release: Buffer.from(packed).toString("base64") },
  };
}
const cilium = (status: string, config: object | null = {}) => ({
  name: "cilium",
  namespace: "kube-system",
  info: { status },
  chart: { metadata: { name: "cilium", version: "1.20.2" } },
  config,
});

test("of several revisions the deployed one counts, and else the last", () => {
  const other = { ...cilium("deployed"), chart: { metadata: { name: "coredns", version: "1.0.0" } } };
  const secrets = [
    secret(3, cilium("failed")),
    secret(2, cilium("deployed", { debug: {} })),
    secret(1, cilium("superseded")),
  ];
  expect(ciliumRelease([secret(9, other), ...secrets])).toMatchObject({ status: "deployed", values: { debug: {} } });
  expect(ciliumRelease(secrets.slice(0, 1))).toMatchObject({ status: "failed", chartVersion: "1.20.2" });
  expect(ciliumRelease([secret(9, other)])).toBeUndefined();
});

test("a Secret that holds something else is none, and values that are null are none", () => {
  expect(decodeRelease({ data: { release: Buffer.from("no release").toString("base64") } })).toBeUndefined();
  expect(decodeRelease({})).toBeUndefined();
  expect(decodeRelease(secret(1, cilium("deployed", null)))?.values).toEqual({});
});

const CLUSTER = { name: "theirs", location: "europe-west1" };
const release = (values: object) => ({
  ...cilium("deployed"),
  chart: "cilium",
  chartVersion: "1.20.2",
  status: "deployed",
  values: values as never,
});

test.each([
  [{ kubeProxyReplacement: true }, "kubeProxyFree"],
  [{ kubeProxyReplacement: "true" }, "kubeProxyFree"],
  [{ cni: { chainingMode: "generic-veth" } }, "cniChaining"],
])("%j is recognized", (values, kind) => {
  expect(dataplaneOf(CLUSTER, release(values)).kind).toBe(kind);
});

test("what this library has no dataplane for is refused with what to do", () => {
  expect(() => dataplaneOf(CLUSTER, release({}))).toThrow("switch kubeProxyReplacement on first");
  expect(() => dataplaneOf(CLUSTER, undefined)).toThrow("say with --dataplane which one it is to get");
  expect(dataplaneOf(CLUSTER, undefined, "cniChaining").kind).toBe("cniChaining");
});

const LIVE = {
  cni: { binPath: "/home/kubernetes/bin" },
  ipam: { mode: "kubernetes" },
  routingMode: "native",
  ipv4NativeRoutingCIDR: "10.84.0.0/16",
  kubeProxyReplacement: true,
  operator: { replicas: 1 },
  debug: { enabled: true },
};

function draft(values: object): Draft {
  return {
    name: "corp",
    project: "acme-theirs",
    location: "europe-west1",
    network: { nodes: "10.80.0.0/20", pods: "10.84.0.0/16", services: "10.88.0.0/20" },
    cluster: {},
    nodePools: [{ name: "a", nodeCountPerZone: 1, zones: ["europe-west1-b"] }],
    connection: {},
    dataplane: {
      kind: "kubeProxyFree",
      version: "1.20.2",
      options: { kubeProxy: "coexist", nodeInit: "off" },
      values: values as never,
    },
  };
}

test("the first deployment changes no value that no rule insists on", () => {
  const kept = keepValues(draft(LIVE), LIVE);
  expect(describeEnvironment(definitionOf(kept.draft)).problems).toEqual([]);
  expect(kept.draft.dataplane.values).toMatchObject({ debug: { enabled: true }, rollOutCiliumPods: false });
  // What the dataplane adds goes as a whole: an affinity without terms is none that Kubernetes takes.
  expect(kept.draft.dataplane.values).toMatchObject({ affinity: { nodeAffinity: null } });
  // The dataplane says these itself.
  expect(kept.draft.dataplane.values).not.toHaveProperty("ipam");
  expect(kept.draft.dataplane.values).not.toHaveProperty("kubeProxyReplacement");
  expect(kept.changes.map(({ path }) => path)).toMatchSnapshot();
});

test("a value that a rule refuses is left out, and told with the rule", () => {
  const live = withValue(LIVE, "hubble.metrics.enabled", "{dns,drop}");
  const kept = keepValues(draft(live), live);
  expect(kept.leftOut.map(({ property }) => property)).toContain("dataplane.values.hubble.metrics.enabled");
  expect(kept.changes.map(({ path }) => path)).toContain("hubble.metrics.enabled");
});
