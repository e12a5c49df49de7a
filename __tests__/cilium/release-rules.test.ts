import { Token } from "cdktf";
import {
  type CiliumMode,
  type CiliumRisk,
  CiliumVersion,
  chainingValues,
  ciliumReleaseProblems,
  ciliumValueProblems,
  ciliumValuesProblems,
  DERIVED_KEYS,
  type DerivedPath,
  effectiveRelease,
  gkeDefaultValues,
  type HelmValues,
  hubbleValues,
  imageRegistryValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  nodeInitValues,
  OPTION_OF_PATH,
  operatorValues,
  prometheusValues,
  type ReleaseLayers,
  type RiskAcceptance,
  resourceValues,
  rollOutValues,
  startupTaintValues,
  unmanagedPodsValues,
} from "../../lib/cilium";
import { CniChaining } from "../../lib/dataplane/cni-chaining";

describe("ciliumReleaseProblems", () => {
  const properties = (layers: ReleaseLayers) =>
    ciliumReleaseProblems({}, effectiveRelease({ defaults: gkeDefaultValues(), ...layers })).map(
      ({ property }) => property,
    );

  test("tells each mistake once, under the name that its author wrote", () => {
    const baseValues = { autoDirectNodeRoutes: true, hubble: { ui: { enabled: true }, relay: { enabled: false } } };
    expect(properties({ baseValues, values: { devices: ["eth+"] } })).toEqual([
      "baseValues.hubble.ui.enabled",
      "baseValues.autoDirectNodeRoutes",
      "values.devices",
    ]);
    expect(properties({ baseValues, optionOf: OPTION_OF_PATH })).toEqual(["hubble.ui", "values.autoDirectNodeRoutes"]);
  });

  test("a value and the option that sets it are the same to it", () => {
    const merged = { hubble: { ui: { enabled: true }, relay: { enabled: false } } };
    expect(properties({ values: merged })).toEqual(["values.hubble.ui.enabled"]);
    expect(properties({ baseValues: merged, optionOf: OPTION_OF_PATH })).toEqual(["hubble.ui"]);
  });
});

describe("what a dataplane derives", () => {
  const judge = (mode: CiliumMode, values: HelmValues, accept: readonly RiskAcceptance[] = []) => {
    const baseValues =
      mode === "cni-chaining"
        ? mergeValues(gkeDefaultValues(), chainingValues(), operatorValues(), startupTaintValues("a/b"))
        : mergeValues(
            gkeDefaultValues(),
            nativeRoutingValues({ podsRange: "10.20.0.0/14", bpfMasquerade: values["bpf"] !== undefined }),
            kubeProxyReplacementValues({ k8sServiceHost: "10.0.0.2", serveHealthCheck: true }),
            nodeInitValues("host-prep"),
            operatorValues(),
            startupTaintValues("a/b"),
          );
    return ciliumValuesProblems(values, { mode, baseValues, accept });
  };
  const told = (...input: Parameters<typeof judge>) => judge(...input).map(({ property }) => property);

  const OVERRIDES: readonly (readonly [CiliumMode | "both", string, HelmValues])[] = [
    ["both", "agent", { agent: false }],
    ["both", "agentNotReadyTaintKey", { agentNotReadyTaintKey: "node.cilium.io/agent-not-ready" }],
    ["kube-proxy-free", "bpf.hostLegacyRouting", { bpf: { hostLegacyRouting: false } }],
    ["kube-proxy-free", "cni.chainingMode", { cni: { chainingMode: "portmap" } }],
    ["cni-chaining", "cni.chainingMode", { cni: { chainingMode: "portmap" } }],
    ["cni-chaining", "cni.configMap", { cni: { configMap: "mine" } }],
    ["kube-proxy-free", "cni.customConf", { cni: { customConf: true } }],
    ["kube-proxy-free", "cni.exclusive", { cni: { exclusive: false } }],
    ["both", "cni.install", { cni: { install: false } }],
    ["kube-proxy-free", "enableIPv4Masquerade", { enableIPv4Masquerade: false }],
    ["cni-chaining", "gke.enabled", { gke: { enabled: true } }],
    ["kube-proxy-free", "gke.enabled", { gke: { enabled: false } }],
    ["both", "ipam.mode", { ipam: { mode: "cluster-pool" } }],
    ["cni-chaining", "kubeProxyReplacement", { kubeProxyReplacement: true }],
    [
      "kube-proxy-free",
      "kubeProxyReplacementHealthzBindAddr",
      { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10257" },
    ],
    ["both", "namespaceOverride", { namespaceOverride: "cilium" }],
    ["kube-proxy-free", "nodeinit.enabled", { nodeinit: { enabled: false } }],
    ["kube-proxy-free", "nodeinit.reconfigureKubelet", { nodeinit: { reconfigureKubelet: true } }],
    ["both", "operator.enabled", { operator: { enabled: false } }],
    ["both", "operator.removeNodeTaints", { operator: { removeNodeTaints: false } }],
    ["both", "preflight.enabled", { preflight: { enabled: true } }],
    ["cni-chaining", "routingMode", { routingMode: "tunnel" }],
  ];
  const cases = OVERRIDES.flatMap(([mode, path, values]) =>
    (mode === "both" ? (["kube-proxy-free", "cni-chaining"] as const) : [mode]).map(
      (each) => [each, path, values] as const,
    ),
  );

  test.each(cases)("%s: '%s' is not overridden by %j", (mode, path, values) => {
    expect(told(mode, values)).toEqual([`values.${path}`]);
  });

  test.each(cases.filter(([, path]) => DERIVED_KEYS[path as DerivedPath].canBeAccepted))(
    "%s: '%s' is, where that is accepted with a reason",
    (mode, path, values) => {
      const risk = `override:${path}` as CiliumRisk;
      expect(told(mode, values, [{ risk, reason: "we arranged for it" }])).toEqual([]);
      expect(judge(mode, values)[0]?.remedy).toContain(risk);
    },
  );

  test("every key of the table has a case", () => {
    const tried = new Set(OVERRIDES.map(([, path]) => path));
    // Tried with kubeProxyReplacement, cni.chainingMode: the keys that come with these.
    expect(Object.keys(DERIVED_KEYS).filter((path) => !tried.has(path))).toEqual(["cni.chainingTarget"]);
    expect(told("kube-proxy-free", { cni: { chainingTarget: "*", exclusive: false } })).toContain(
      "values.cni.chainingTarget",
    );
  });

  test("what says the same is no override", () => {
    const same = { ipam: { mode: "kubernetes" }, kubeProxyReplacement: "true", routingMode: "native" };
    expect(told("kube-proxy-free", same)).toEqual([]);
    expect(told("kube-proxy-free", { agentNotReadyTaintKey: "a/b", cni: { chainingMode: null } })).toEqual([]);
  });

  test("a token, and a value of a wrong type, override nothing", () => {
    expect(told("kube-proxy-free", { ipam: { mode: Token.asString({ resolve: () => "x" }) } })).toEqual([]);
    expect(judge("kube-proxy-free", { ipam: { mode: 7 } }).map(({ rule }) => rule)).toEqual([
      expect.stringContaining("schema"),
    ]);
  });

  test("flags of the agents do not pass by", () => {
    const values = {
      extraConfig: { "kube-proxy-replacement": "false", "my-own-flag": "on", "enable-policy": "never", count: 3 },
      extraArgs: ["--routing-mode=tunnel", "--my-own-flag"],
      operator: { extraArgs: ["--remove-cilium-node-taints=false"] },
    };
    expect(judge("kube-proxy-free", values).map(({ property, remedy }) => [property, remedy])).toEqual([
      ['values.extraConfig["kube-proxy-replacement"]', "use the chart's keys that lead to it"],
      ['values.extraConfig["enable-policy"]', "use policyEnforcementMode"],
      ['values.extraConfig["count"]', "write it in quotes"],
      ["values.extraArgs[0]", "use the chart's keys that lead to it"],
      ["values.operator.extraArgs[0]", "use the chart's keys that lead to it"],
    ]);
  });
});

describe("risks", () => {
  const examined = (accept: unknown) =>
    new CniChaining({ accept: accept as [] })
      .describe({ name: "x", project: "p", location: "l", network: { nodes: "", pods: "", services: "" } })
      .problems.filter(({ property }) => property.startsWith("dataplane.accept"))
      .map(({ property, rule }) => `${property} ${rule}`);

  test.each<[unknown, string[]]>([
    [["l2-announcements", { risk: "override:ipam.mode", reason: "x" }], []],
    [["l2-announcement"], ["dataplane.accept[0] is not one of"]],
    [["override:ipam.mode"], ["dataplane.accept[0] needs a reason"]],
    [[{ risk: "override:ipam.mode" }], ["dataplane.accept[0].reason is missing"]],
    [[{ risk: "override:agentNotReadyTaintKey", reason: "x" }], ["dataplane.accept[0].risk is not one of"]],
    [[{ risk: "load-balancer-ipam", reason: "" }], ["dataplane.accept[0].reason is empty"]],
    [[7], ["dataplane.accept[0] is not one of"]],
  ])("%j gives %j", (accept, problems) => {
    expect(examined(accept)).toEqual(problems.map((text) => expect.stringContaining(text)));
  });
});

describe("every feature", () => {
  test.each([CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])(
    "sets only keys that %s has",
    (version) => {
      const values = mergeValues(
        chainingValues(),
        chainingValues({ conflist: "static" }),
        hubbleValues({
          ui: true,
          certificates: { method: "certmanager", issuer: { name: "ca" }, schedule: "0 0 1 * *" },
        }),
        imageRegistryValues("eu.example/cilium"),
        kubeProxyReplacementValues({ k8sServiceHost: "10.0.0.2", serveHealthCheck: true }),
        nativeRoutingValues({ podsRange: "10.20.0.0/14", bpfMasquerade: true }),
        gkeDefaultValues(),
        nodeInitValues("host-prep"),
        operatorValues(),
        prometheusValues(),
        resourceValues(),
        rollOutValues(),
        startupTaintValues("a/b"),
        unmanagedPodsValues({}, version),
      );
      expect(ciliumValueProblems(values, version)).toEqual([]);
    },
  );
});
