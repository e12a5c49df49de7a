import { Token } from "cdktf";
import { ChartKeys, CiliumVersion, ciliumValueProblems, type HelmValues, removedKeys } from "../../lib/cilium";
import { describeProblem } from "../../lib/validation";

const told = (values: HelmValues, version = CiliumVersion.V1_20) =>
  ciliumValueProblems(values, version).map((problem) => describeProblem("x", problem).slice(3));

describe("ciliumValueProblems", () => {
  test("takes what the chart knows, in every version", () => {
    const values = {
      hubble: { relay: { enabled: true }, metrics: { enabled: ["flow"] } },
      operator: { replicas: 1 },
      bpf: { masquerade: true },
    };
    for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])
      expect(told(values, version)).toEqual([]);
  });

  test("takes the keys of GKE that no values.yaml lists", () => {
    expect(
      told({
        enableIdentityMark: false,
        gke: { disableDefaultSnat: true },
        nodeinit: { reconfigureKubelet: true, removeCbrBridge: true },
        ipMasqAgent: { config: { nonMasqueradeCIDRs: ["10.0.0.0/8"] } },
        l2announcements: { leaseDuration: "3s" },
      }),
    ).toEqual([]);
  });

  test.each<[string, HelmValues]>([
    ["annotations", { podAnnotations: { "a.b/c": "d" }, serviceAccounts: { cilium: { annotations: { x: "y" } } } }],
    ["labels", { podLabels: { x: "y" }, commonLabels: { team: "net" } }],
    ["extraConfig", { extraConfig: { "any-flag": "true" } }],
    ["resources", { resources: { limits: { memory: "1Gi" } }, nodeinit: { resources: { limits: { cpu: "1" } } } }],
    ["nodeSelector", { nodeSelector: { "cloud.google.com/gke-nodepool": "general" } }],
    ["affinity", { affinity: { nodeAffinity: { anything: [] } } }],
    ["updateStrategy", { updateStrategy: { type: "OnDelete" }, operator: { updateStrategy: { type: "Recreate" } } }],
    ["metricRelabelings", { prometheus: { serviceMonitor: { metricRelabelings: [{ action: "drop" }] } } }],
    [
      "podSecurityContext",
      { podSecurityContext: { fsGroup: 1 }, hubble: { ui: { securityContext: { runAsUser: 1 } } } },
    ],
    ["a list that may be a map", { clustermesh: { config: { clusters: { a: { ips: [] } } } } }],
    [
      "a map of the caller's own below an empty one",
      { hubble: { tls: { auto: { certManagerIssuerRef: { name: "x" } } } } },
    ],
  ])("leaves %s to the caller", (_what, values) => {
    expect(told(values)).toEqual([]);
  });

  test.each<[string, HelmValues, string]>([
    [
      "a slip of the pen",
      { hubble: { rellay: { enabled: true } } },
      "'values.hubble.rellay' is no key of the Cilium 1.20 chart, which would ignore it; did you mean hubble.relay?",
    ],
    [
      "another case",
      { kubeproxyreplacement: true },
      "'values.kubeproxyreplacement' (true) is no key of the Cilium 1.20 chart, which would ignore it; did you mean kubeProxyReplacement?",
    ],
    [
      "a wrong place",
      { relay: { enabled: true } },
      "'values.relay' is no key of the Cilium 1.20 chart, which would ignore it; did you mean hubble.relay or serviceAccounts.relay?",
    ],
    [
      "nothing near",
      { frobnicate: 1 },
      "'values.frobnicate' (1) is no key of the Cilium 1.20 chart, which would ignore it; look it up in the chart's values.yaml",
    ],
    [
      "a key as --set writes it",
      { "hubble.relay.enabled": true },
      "'values.hubble.relay.enabled' (true) is written as one key 'hubble.relay.enabled', which the chart would ignore; nest it: hubble: { relay: { enabled: ... } }",
    ],
    [
      "a value for a section",
      { cni: "/opt/cni/bin" },
      "'values.cni' (/opt/cni/bin) is a section of keys in the chart, which its templates would miss; write a key below it, such as cni.binPath",
    ],
    [
      "null for a section",
      { hubble: null },
      "'values.hubble' (null) is a section of keys in the chart, which its templates would miss; write a key below it, such as hubble.enabled",
    ],
    [
      "a section for a value",
      { routingMode: { native: true } },
      `'values.routingMode' ({"native":true}) is a single value in the chart, with no keys below it; write the value itself`,
    ],
  ])("finds %s", (_what, values, message) => {
    expect(told(values)).toEqual([message]);
  });

  test.each<[HelmValues, string, string]>([
    [{ tunnel: "disabled" }, "1.15", "use routingMode: native"],
    [{ config: { ipam: "kubernetes" } }, "1.9", "use ipam.mode: kubernetes"],
    [{ nativeRoutingCIDR: "10.0.0.0/8" }, "1.12", "use ipv4NativeRoutingCIDR: 10.0.0.0/8"],
    [{ nodeinit: { restartPods: true } }, "1.11", "use operator.unmanagedPodWatcher.restart: true"],
    [{ externalIPs: { enabled: true } }, "1.17", "use kubeProxyReplacement, which includes it"],
    [{ egressGateway: { installRoutes: true } }, "1.16", "leave it out"],
    [{ bpf: { hostRouting: true } }, "1.13", "use bpf.hostLegacyRouting: false"],
    [
      { encryption: { strictMode: { cidr: "10.0.0.0/8" } } },
      "1.20",
      "use encryption.strictMode.egress.cidr: 10.0.0.0/8",
    ],
    [{ operator: { numReplicas: 1 } }, "1.9", "use operator.replicas: 1"],
  ])("names the successor of %j", (values, since, remedy) => {
    expect(told(values)).toEqual([expect.stringMatching(`was removed from the chart in Cilium ${since}; ${remedy}$`)]);
  });

  test("finds every mistake at once, and only in the section where it is", () => {
    const problems = told({
      tunnel: "x",
      hubble: { relay: { enabled: true, replica: 1 } },
      encryption: { keyFile: "x" },
    });
    expect(problems).toHaveLength(3);
  });

  test("knows which minor has a key", () => {
    const values = { devices: ["eth0"], minReadySeconds: 5 };
    expect(told(values)).toEqual([]);
    expect(told(values, CiliumVersion.V1_18)).toEqual([
      "'values.minReadySeconds' (5) is no key of the Cilium 1.18 chart, only of 1.20; leave it out, or use Cilium 1.20",
    ]);
  });

  test("lets a key be that only a newer minor has removed", () => {
    const values = { encryption: { strictMode: { cidr: "10.0.0.0/8" } } };
    expect(told(values, CiliumVersion.V1_19)).toEqual([]);
    expect(told(values)).toHaveLength(1);
  });

  test("outside the tested range finds removed keys, and nothing else", () => {
    const values = { tunnel: "disabled", newIn121: true, encryption: { strictMode: { cidr: "x" } } };
    expect(told(values, CiliumVersion.of("1.21.0"))).toHaveLength(2);
    expect(told(values, CiliumVersion.of("1.17.0"))).toEqual([expect.stringContaining("values.tunnel")]);
  });

  test.each(["1.17.18", "1.20.2", "1.21.0-pre.0"])("names of the user's own may have dots in Cilium %s", (version) => {
    const annotations = { "example.com/owner": "net", "networking.gke.io/load-balancer-type": "Internal" };
    const values = { clustermesh: { apiserver: { service: { annotations } } }, podAnnotations: annotations };
    expect(told(values, CiliumVersion.of(version))).toEqual([]);
    expect(told({ ...values, hubble: { "relay.enabled": true } }, CiliumVersion.of(version))).toEqual([
      expect.stringContaining("is written as one key 'relay.enabled'"),
    ]);
  });

  test("takes a token for a section and for a value", () => {
    expect(told({ hubble: Token.asAny({}), k8sServiceHost: Token.asString({}) })).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    [
      "a whole number that Helm writes with an exponent",
      { MTU: 1_000_000 },
      /with an exponent \(1e\+06\).*\(--mtu\); give a number below 1000000/,
    ],
    ["another", { bpf: { nodeMapMax: 1_048_576 } }, /with an exponent \(1\.048576e\+06\)/],
    [
      "a port beyond the last",
      { tunnelPort: 65_536 },
      /is not a whole number from 0 to 65535, as which Cilium reads it/,
    ],
    ["a port below the first", { pprof: { port: -1 } }, /is not a whole number from 0 to 65535/],
  ])("%s is no number to Cilium", (_what, values, words) => {
    expect(told(values as HelmValues)).toEqual([expect.stringMatching(words)]);
  });

  test("numbers that the chart makes whole may be as large as they have to be", () => {
    expect(told({ bpf: { natMax: 4_194_304, lbMapMax: 1_048_576 }, MTU: 999_999 })).toEqual([]);
  });

  test("ignores keys without a value", () => {
    expect(told({ frobnicate: undefined })).toEqual([]);
  });
});

describe("the tables", () => {
  test("list no key as removed that the newest chart has", () => {
    const known = ChartKeys.of("1.20").paths;
    expect(removedKeys().filter(({ key }) => known.has(key))).toEqual([]);
  });

  test("name successors that the newest chart has", () => {
    const known = ChartKeys.of("1.20").paths;
    for (const { key, instead = "" } of removedKeys()) {
      // A sentence names keys by their dotted paths; a key of the top level stands alone.
      const named = instead.match(/[a-z]\w*(?:\.\w+)+|^\w+$/gi) ?? [];
      expect([key, named.filter((path) => !known.has(path))]).toEqual([key, []]);
    }
  });
});
