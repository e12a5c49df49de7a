import { ENCRYPTION_CHANGE } from "../../../lib/facts/cilium";
import { finding, type Planned, planned, predicted, resources, said } from "./crafted";

const R = "helm_release.cilium";
const release = (values: object, more: object = {}) => ({
  name: "cilium",
  namespace: "kube-system",
  chart: "cilium",
  version: "1.20.2",
  values: [JSON.stringify(values)],
  ...more,
});
const change = (before: object, after: object) =>
  predicted(resources({ [R]: { ...before } }), resources({ [R]: { ...after } }));

describe("values with expressions in them", () => {
  const free = { kubeProxyReplacement: true, routingMode: "native", ipam: { mode: "kubernetes" } };
  const host = '${jsonencode({"k8sServiceHost" = coalesce(try(data.google_container_cluster.c.endpoint, ""), "x")})}';
  const withHost = (values: object) => release({}, { values: [JSON.stringify(values), host] });

  test("are read as far as they can be: every rule still speaks", () => {
    expect(said(change(withHost(free), withHost({ ...free, routingMode: "tunnel" })))).toContain("CI10 critical");
    expect(said(change(withHost(free), withHost({ ...free, ipam: { mode: "cluster-pool" } })))).toContain(
      "CI6 critical",
    );
    expect(said(change(withHost(free), withHost({ ...free, tunnel: "vxlan" })))).toContain("CI5 high");
    // The host is given, if not known.
    expect(said(change(withHost(free), withHost({ ...free, debug: { enabled: true } })))).not.toContain("CI9 high");
    expect(said(change(withHost(free), release(free)))).toContain("CI9 high");
  });

  test("a value that is no longer known is another value", () => {
    const mode = (value: string) => release({}, { values: [`\${jsonencode({"ipam" = {"mode" = ${value}}})}`] });
    expect(said(change(mode('"kubernetes"'), mode("data.x_y.z.mode")))).toContain("CI6 critical");
    expect(said(change(mode("data.x_y.z.mode"), mode("data.x_y.z.mode")))).toEqual([]);
  });

  test("in set as well", () => {
    const set = (value: string) => release({}, { set: [{ name: "routingMode", value }] });
    expect(said(change(set("native"), set("${data.x_y.z.mode}")))).toContain("CI10 critical");
  });

  test("what only a plan cannot know does not silence what it knows", () => {
    const before = { ...release(free), values: [JSON.stringify(free), '{"k8sServiceHost":"10.0.0.2"}'] };
    const after = { ...release(free), values: [JSON.stringify({ ...free, routingMode: "tunnel" }), null] };
    const stack = planned([[R, "update", before, after, { after_unknown: { values: [false, true] } }]]);
    expect(said(stack)).toContain("CI10 critical");
  });
});

describe("versions", () => {
  const at = (version: string, values: object = {}) => release({ rollOutCiliumPods: true, ...values }, { version });
  test.each<[from: string, to: string, rules: string[]]>([
    ["1.19.6", "1.20.2", ["CI2 medium", "CI4 medium"]],
    ["1.20.2", "1.19.6", ["CI1 medium", "CI4 medium"]],
    ["1.18.12", "1.20.2", ["CI1 critical", "CI17 high", "CI4 medium"]],
    ["1.20.2", "1.18.12", ["CI1 critical", "CI17 high", "CI4 medium"]],
    ["1.20.1", "1.20.2", ["CI19 medium"]],
  ])("%s → %s", (from, to, rules) => expect(said(change(at(from), at(to)))).toEqual(rules));

  test("one step back is the tested way down, and not called a leap", () => {
    const found = finding("CI1", change(at("1.20.2"), at("1.19.6")))!;
    expect(found.title).not.toMatch(/leap/i);
    expect(found.consequence).toMatch(/tested way down/);
  });

  test("upgradeCompatibility that follows the version, as this library has it, is no matter; one that is dropped is", () => {
    const follows = (version: string, minor: string) => at(version, { upgradeCompatibility: minor });
    expect(said(change(follows("1.19.6", "1.19"), follows("1.20.2", "1.20")))).toEqual(["CI2 medium"]);
    expect(said(change(follows("1.19.6", "1.18"), at("1.20.2")))).toContain("CI4 high");
  });
});

describe("agents restart", () => {
  const at = (values: object) => release({ rollOutCiliumPods: true, ...values });
  test.each<[what: string, before: object, after: object, rules: string[]]>([
    ["for their configuration", {}, { debug: { enabled: true } }, ["CI19 medium"]],
    ["for their pods", {}, { resources: { limits: { memory: "1Gi" } } }, ["CI19 medium"]],
    ["not for the operator", {}, { operator: { replicas: 1 } }, []],
    ["not for Hubble's UI", {}, { hubble: { ui: { enabled: true } } }, []],
  ])("%s", (_, before, after, rules) => expect(said(change(at(before), at(after)))).toEqual(rules));

  test("and if they do not, that is said: what runs does not follow", () => {
    const found = finding("CI19", change(release({}), release({ debug: { enabled: true } })))!;
    expect(found).toMatchObject({
      severity: "info",
      detail: "debug.enabled (agents write many times as much, or less, into their logs); rollOutCiliumPods is off",
    });
  });

  test("Envoy cuts connections when it does", () => {
    const found = finding("CI19", change(at({}), at({ envoy: { log: { format: "x" } } })))!;
    expect(found).toMatchObject({ severity: "info", detail: expect.stringMatching(/L7 policies.*are cut/) });
  });
});

describe("kube-proxy", () => {
  const on = release({ kubeProxyReplacement: true, k8sServiceHost: "x" });
  const off = release({ kubeProxyReplacement: false, k8sServiceHost: "x" });
  const D = "kubernetes_daemon_set_v1.d";
  const remover = (command: string) => ({
    spec: {
      template: {
        spec: { container: [{ command: ["bash", "/opt/kube-proxy-disabler/kube-proxy-disabler.sh", command] }] },
      },
    },
  });

  test("switched towards Cilium is a rollout, away from it an outage where nobody is left", () => {
    expect(said(change(off, on))).toEqual(["CI8 high"]);
    expect(finding("CI8", change(on, off))).toMatchObject({ severity: "critical" });
  });

  test("taken back without restore", () => {
    const both = (cilium: object, daemon: object | undefined) =>
      resources({ [R]: { ...cilium }, ...(daemon ? { [D]: { ...daemon } } : {}) });
    expect(said(predicted(both(on, remover("disable")), both(on, undefined)))).toEqual(["CI20 high"]);
    expect(said(predicted(both(on, remover("disable")), both(off, undefined)))).toEqual(
      ["CI8 critical", "CI20 critical"].sort(),
    );
    expect(said(predicted(both(on, remover("disable")), both(on, remover("restore"))))).toEqual([]);
    expect(said(predicted(both(on, remover("restore")), both(on, undefined)))).toEqual([]);
  });
});

test("values that are no mapping are refused by Helm, whatever the chart", () => {
  const nginx = (values: string[]): Planned => [
    "helm_release.n",
    "update",
    { name: "n", chart: "nginx", values: ["a: 1"] },
    { name: "n", chart: "nginx", values },
  ];
  for (const text of ["- a\n- b\n", "just text", "a: [1\nb: 2\n", "a:\n b\n  c: d\n"])
    expect(said(planned([nginx([text])]))).toEqual(["HR5 high"]);
  for (const text of ["a: 1\n", "{}", "", "# nothing\n", "a: {b: []}"])
    expect(said(planned([nginx([text])]))).toEqual([]);
});

describe("parts of Cilium that something is served by", () => {
  const goes = (before: object, after: object) => said(change(release(before), release(after)));
  test.each([
    ["hostFirewall", "enabled"],
    ["egressGateway", "enabled"],
    ["bgpControlPlane", "enabled"],
    ["l2announcements", "enabled"],
    ["ingressController", "enabled"],
    ["gatewayAPI", "enabled"],
    ["clustermesh", "useAPIServer"],
  ])("%s: off, written or left to the chart, as a boolean or as text", (part, key) => {
    for (const on of [true, "true"])
      for (const off of [{ [part]: { [key]: false } }, { [part]: { [key]: "false" } }, {}])
        expect(goes({ [part]: { [key]: on } }, off)).toContain("CI21 high");
    expect(goes({}, { [part]: { [key]: true } })).not.toContain("CI21 high");
    const unread = release({}, { values: [`\${jsonencode({"${part}" = var.x})}`] });
    expect(said(change(release({ [part]: { [key]: true } }), unread))).not.toContain("CI21 high");
  });

  test("ports and addresses of Services are the replacement's, where it is on", () => {
    const on = { nodePort: { enabled: true } };
    expect(goes(on, {})).toContain("CI21 high");
    const free = { kubeProxyReplacement: true, k8sServiceHost: "x" };
    expect(goes({ ...free, ...on }, free)).not.toContain("CI21 high");
  });

  test("which address pods leave with", () => {
    expect(goes({ enableIPv4Masquerade: true }, { enableIPv4Masquerade: false })).toContain("NW8 high");
    expect(goes({}, { ipMasqAgent: { enabled: true } })).toContain("NW8 high");
    expect(
      goes(
        { enableIPv4Masquerade: false, cni: { chainingMode: "generic-veth" } },
        { enableIPv4Masquerade: true, cni: { chainingMode: "none" } },
      ),
    ).not.toContain("NW8 high");
  });
});

describe("encryption between nodes", () => {
  const on = (more: object = {}) => release({ encryption: { enabled: true, type: "wireguard", ...more } });
  test.each<[string, object, object]>([
    ["switched on", release({}), on()],
    ["switched off", on(), release({})],
    ["switched over", on(), on({ type: "ipsec" })],
    ["for nodes as well", on(), on({ nodeEncryption: true })],
  ])("%s is an outage, in the words of the facts", (_, before, after) => {
    const found = finding("CI11", change(before, after));
    expect(found).toMatchObject({ severity: "critical", consequence: ENCRYPTION_CHANGE.consequence });
  });

  test("clear text that is dropped from now on is told apart", () => {
    const strict = on({ strictMode: { egress: { enabled: true, cidr: "10.20.0.0/14" } } });
    expect(finding("CI11", change(on(), strict))).toMatchObject({
      severity: "high",
      consequence: ENCRYPTION_CHANGE.strictConsequence,
    });
  });

  test("nothing is said where it was never on, or stays as it is", () => {
    expect(
      said(change(release({ encryption: { type: "wireguard" } }), release({ encryption: { type: "ipsec" } }))),
    ).not.toContain("CI11 critical");
    expect(
      said(change(on(), on({ wireguard: { persistentKeepalive: "10s" } }))).filter((id) => id.startsWith("CI11")),
    ).toEqual([]);
  });
});
