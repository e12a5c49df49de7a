import { type CiliumRisk, CiliumVersion, gkeRuleProblems, type HelmValues, mergeValues } from "../../lib/cilium";

/** What every release of ours has; without it the load balancer rule would speak up each time. */
const BASE = { enableLBIPAM: false };

const refused = (values: HelmValues, version = CiliumVersion.V1_20, accept: readonly CiliumRisk[] = []) =>
  gkeRuleProblems(mergeValues(BASE, values), version, accept).map(({ property }) => property);

const chained = { cni: { chainingMode: "generic-veth", exclusive: false } };

describe("gkeRuleProblems", () => {
  test.each<[path: string, broken: HelmValues, fine: HelmValues]>([
    ["devices", { devices: ["eth+"] }, { devices: "" }],
    ["egressMasqueradeInterfaces", { egressMasqueradeInterfaces: "eth0" }, {}],
    ["autoDirectNodeRoutes", { autoDirectNodeRoutes: true }, { autoDirectNodeRoutes: false }],
    [
      "routingMode",
      { gke: { enabled: true }, routingMode: "tunnel" },
      { gke: { enabled: true }, routingMode: "native" },
    ],
    ["installNoConntrackIptablesRules", { installNoConntrackIptablesRules: true }, {}],
    [
      "bpf.hostLegacyRouting",
      { kubeProxyReplacement: true, bpf: { masquerade: true } },
      { kubeProxyReplacement: true, bpf: { masquerade: true, hostLegacyRouting: false } },
    ],
    ["keepDeprecatedLabels", { keepDeprecatedLabels: true, gke: { enabled: true } }, { keepDeprecatedLabels: true }],
    ["cni.binPath", { cni: { binPath: "/opt/cni/bin" } }, { cni: { binPath: "/home/kubernetes/bin" } }],
    ["cni.exclusive", { cni: { chainingTarget: "*" } }, { cni: { chainingTarget: "*", exclusive: false } }],
    ["cni.exclusive", { cni: { chainingMode: "generic-veth" } }, chained],
    [
      "nodeinit.reconfigureKubelet",
      { ...chained, nodeinit: { enabled: true, reconfigureKubelet: true } },
      { ...chained, nodeinit: { enabled: true, reconfigureKubelet: false } },
    ],
    ["l2announcements.enabled", { l2announcements: { enabled: true } }, { l2announcements: { enabled: false } }],
    ["enableLBIPAM", { enableLBIPAM: true }, { enableLBIPAM: true, defaultLBServiceIPAM: "none" }],
  ])("'%s': refuses %j, takes %j", (path, broken, fine) => {
    expect(refused(broken)).toEqual([`values.${path}`]);
    expect(refused(fine)).toEqual([]);
  });

  test("minds the chart's own default of the load balancer IPAM", () => {
    expect(gkeRuleProblems({}, CiliumVersion.V1_20).map(({ property }) => property)).toEqual(["values.enableLBIPAM"]);
  });

  test.each<[CiliumRisk, HelmValues]>([
    ["l2-announcements", { l2announcements: { enabled: true } }],
    ["load-balancer-ipam", { enableLBIPAM: true }],
  ])("takes %s where it is accepted by name", (risk, values) => {
    expect(refused(values, CiliumVersion.V1_20, [risk])).toEqual([]);
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
    expect(refused(values, CiliumVersion.of(version))).toEqual(problems);
  });
});
