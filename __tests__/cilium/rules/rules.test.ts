import { Token } from "cdktf";
import { ROUTING_CASES, SERVICE_CASES } from "../../../e2e/chart/cases/agent-rule-cases";
import { ANNOUNCED_CASES, FEATURE_CASES, GKE_CASES } from "../../../e2e/chart/cases/feature-cases";
import { CHART_CASES, type RuleCase } from "../../../e2e/chart/cases/rule-cases";
import {
  type CiliumRisk,
  CiliumVersion,
  ciliumValuesProblems,
  gkeDefaultValues,
  type HelmValues,
} from "../../../lib/cilium";
import { brokenRules, gkeRules, UPSTREAM_RULES, type ValueRule } from "../../../lib/cilium/rules";

const CASES: readonly RuleCase[] = [...CHART_CASES, ...ROUTING_CASES, ...SERVICE_CASES, ...FEATURE_CASES, ...GKE_CASES];

const NATIVE = { routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8" };

/** Their enumerations stand in the chart's schema, which speaks first. */
const NEVER_IN_1_20 = ["encryption.ztunnel.ca.type", "envoy.xdsMode", "nodeinit.reconfigureKubelet"];

const told = (values: HelmValues, version = CiliumVersion.V1_20, accept: readonly CiliumRisk[] = []) =>
  ciliumValuesProblems(values, { baseValues: gkeDefaultValues(), version, accept }).map(({ property }) => property);

describe("each rule", () => {
  test.each(CASES.map(([path, broken, fine]) => [path, broken, fine] as const))(
    "'%s': refuses %j, takes %j",
    (path, broken, fine) => {
      // What upstream says of it is told where it is accepted on Google's network.
      const accept: CiliumRisk[] = GKE_CASES.some((one) => one[1] === broken) ? [] : ["direct-server-return"];
      expect(told(broken, CiliumVersion.V1_20, accept)).toEqual([`values.${path}`]);
      expect(told(fine, CiliumVersion.V1_20, accept)).toEqual([]);
    },
  );

  test.each(ANNOUNCED_CASES)("'%s', announced: refuses %j, takes %j", (path, broken, fine) => {
    expect(told(broken, CiliumVersion.V1_20, ["l2-announcements"])).toEqual([`values.${path}`]);
    expect(told(fine, CiliumVersion.V1_20, ["l2-announcements"])).toEqual([]);
  });

  const fires = (rule: ValueRule, values: HelmValues) =>
    brokenRules([rule], { ...gkeDefaultValues(), ...values }, CiliumVersion.V1_20).length > 0;

  test.each(
    [...UPSTREAM_RULES, ...gkeRules([])]
      // Ended before 1.20, or checked against the schema's own enumeration before.
      .filter(({ path, rule }) => !NEVER_IN_1_20.includes(path) && !rule.includes("1.18.0"))
      .map((rule) => [`${rule.path} ${rule.rule}`.slice(0, 90), rule] as const),
  )("%s: fires for one of the cases and is silent for others", (_name, rule) => {
    const cases = [...CASES, ...ANNOUNCED_CASES];
    expect(cases.some(([, broken]) => fires(rule, broken))).toBe(true);
    expect(cases.some(([path, , fine]) => path === rule.path && !fires(rule, fine))).toBe(true);
  });

  test.each([...UPSTREAM_RULES, ...gkeRules([])])("$path says where it is written", ({ source, rule, remedy }) => {
    for (const text of [source, rule, remedy]) expect(text.trim().length).toBeGreaterThan(5);
  });
});

test("what pods choose servers by is taken where kube-proxy serves the others", () => {
  for (const values of [
    { loadBalancer: { algorithm: "maglev" } },
    { loadBalancer: { algorithm: "maglev" }, bpf: { lbExternalClusterIP: true } },
    { maglev: { tableSize: 65521 } },
    { nodePort: { range: "30000,32000", addresses: ["10.0.0.0/8"] } },
  ])
    expect(told(values)).toEqual([]);
});

describe("what rules read", () => {
  test("a chart without values breaks none", () => {
    for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])
      expect(told({}, version)).toEqual([]);
  });

  test("a token decides nothing, wherever it stands", () => {
    const token = Token.asAny({ resolve: () => true }) as unknown as HelmValues;
    for (const [path, broken] of CASES) {
      const [section = ""] = path.split(".");
      const unknown = told({ ...broken, [section]: token });
      expect(unknown).not.toContain(`values.${path}`);
    }
  });

  test("a value of a wrong type is told as that, and as nothing else", () => {
    expect(told({ kubeProxyReplacement: ["true"], egressGateway: { enabled: "yes" } })).toEqual([
      "values.kubeProxyReplacement",
      "values.egressGateway.enabled",
    ]);
  });

  test("what the dataplane tells of more than the values is not told twice", () => {
    const values = { ...gkeDefaultValues(), ipv4NativeRoutingCIDR: "hello" };
    const judged = (mode: "kube-proxy-free" | "cni-chaining") =>
      brokenRules(UPSTREAM_RULES, values, CiliumVersion.V1_20, mode).length;
    expect([judged("cni-chaining"), judged("kube-proxy-free")]).toEqual([1, 0]);
  });

  test("what an older minor lets pass is not refused there", () => {
    const standalone = { standaloneDnsProxy: { enabled: true }, dnsProxy: { proxyPort: 0 } };
    expect(told(standalone, CiliumVersion.V1_18)).toEqual(["values.standaloneDnsProxy"]);
  });
});

describe("GKE", () => {
  test("minds the chart's own default of the load balancer IPAM", () => {
    expect(ciliumValuesProblems({}).map(({ property }) => property)).toEqual(["values.defaultLBServiceIPAM"]);
  });

  test.each<[CiliumRisk, HelmValues]>([
    ["l2-announcements", { kubeProxyReplacement: true, l2announcements: { enabled: true } }],
    ["direct-server-return", { kubeProxyReplacement: true, ...NATIVE, loadBalancer: { mode: "dsr" } }],
    ["load-balancer-ipam", { enableLBIPAM: true, defaultLBServiceIPAM: "lbipam" }],
  ])("takes %s where it is accepted by name", (risk, values) => {
    expect(told(values)).not.toEqual([]);
    expect(told(values, CiliumVersion.V1_20, [risk])).toEqual([]);
  });

  test("1.18.0 ignores defaultLBServiceIPAM, later ones do not", () => {
    expect(told({ enableLBIPAM: true }, CiliumVersion.of("1.18.0"))).toEqual(["values.enableLBIPAM"]);
    expect(told({ enableLBIPAM: true }, CiliumVersion.of("1.18.1"))).toEqual([]);
  });

  test.each([
    ["1.20.2", []],
    ["1.21.0", []],
    ["1.20.1", ["values.nodeinit.reconfigureKubelet"]],
    ["1.20.0", ["values.nodeinit.reconfigureKubelet"]],
    ["1.19.7", ["values.nodeinit.reconfigureKubelet"]],
    ["1.18.14", ["values.nodeinit.reconfigureKubelet"]],
  ])("the kubelet wrapper of %s gives %j", (version, problems) => {
    const values = { nodeinit: { enabled: true, reconfigureKubelet: true } };
    expect(told(values, CiliumVersion.of(version))).toEqual(problems);
  });

  test("two Gateway controllers, and two masquerading agents, are one too many", () => {
    const values = { gatewayAPI: { enabled: true }, ipMasqAgent: { enabled: true }, bpf: { masquerade: true } };
    const with_ = (context: object) =>
      ciliumValuesProblems(values, { baseValues: gkeDefaultValues(), ...context }).map(({ property }) => property);
    expect(with_({})).toEqual([]);
    expect(with_({ gkeGatewayApi: true })).toEqual(["values.gatewayAPI.enabled"]);
    expect(with_({ gkeMasquerades: true })).toEqual(["values.ipMasqAgent.enabled"]);
  });
});
