import { CiliumVersion } from "../../lib/cilium";
import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { describeEnvironment, type EnvironmentDefinition } from "../../lib/environment";
import { synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

type Pool = NonNullable<EnvironmentDefinition["nodePools"]>[number];
const GENERAL: Pool = { name: "general", minNodes: 3, maxNodes: 9 };
const EGRESS: Pool = {
  name: "egress",
  minNodes: 2,
  maxNodes: 3,
  taints: [{ key: "egress-gateway", value: "true", effect: "NO_SCHEDULE" }],
};
const described = (options: KubeProxyFreeOptions, nodePools: readonly Pool[] = [GENERAL, EGRESS]) =>
  describeEnvironment(definition({ dataplane: Dataplane.kubeProxyFree(options), nodePools }));
const problems = (options: KubeProxyFreeOptions, nodePools?: readonly Pool[]) => described(options, nodePools).problems;
const GATEWAY = { egressGateway: { nodePool: "egress" } };

describe("the egress gateway", () => {
  test("brings BPF masquerading along, through the host's stack", () => {
    const { dataplane, problems: wrong } = described(GATEWAY);
    expect(wrong).toEqual([]);
    expect(dataplane?.warnings).toEqual([]);
    expect(dataplane?.release?.values).toMatchObject({
      egressGateway: { enabled: true },
      bpf: { masquerade: true, hostLegacyRouting: true },
    });
  });

  test("is refused where the author switches off what it needs", () => {
    expect(problems({ ...GATEWAY, bpfMasquerade: false })).toEqual([
      expect.stringContaining("'dataplane.egressGateway' (true) needs masquerading in BPF"),
    ]);
    expect(problems({ ...GATEWAY, endpointSlices: true })).toEqual([
      expect.stringContaining("does not go with ciliumEndpointSlice.enabled"),
    ]);
  });

  test.each<[string, Pool[], string]>([
    ["no such pool", [GENERAL], "'dataplane.egressGateway.nodePool' (egress) is no pool of this environment (general)"],
    ["a slip", [GENERAL, { ...EGRESS, name: "egres" }], "did you mean egres?"],
    [
      "a pool that can be empty",
      [GENERAL, { ...EGRESS, minNodes: 0 }],
      "'nodePools[1].minNodes' (0) lets the autoscaler",
    ],
  ])("%s is refused", (_, pools, message) => {
    expect(problems(GATEWAY, pools)).toEqual([expect.stringContaining(message)]);
  });

  test("one node, no taint and spot are warned of", () => {
    const lone = described(GATEWAY, [GENERAL, { ...EGRESS, minNodes: 1, taints: undefined, spot: true }]);
    expect(lone.problems).toEqual([]);
    expect(lone.dataplane?.warnings.map(({ property }) => property)).toEqual([
      "nodePools[1].minNodes",
      "nodePools[1].taints",
      "nodePools[1].spot",
    ]);
  });
});

describe("what depends on something else is told under the option's name", () => {
  test.each<[KubeProxyFreeOptions, string]>([
    [{ bandwidthManager: { bbr: true } }, "'dataplane.bandwidthManager.bbr' (true) needs BPF host routing"],
    [
      { bandwidthManager: { bbrHostNamespaceOnly: true } },
      "'dataplane.bandwidthManager.bbrHostNamespaceOnly' (true) needs bandwidthManager.bbr",
    ],
    [
      { bandwidthManager: {}, encryption: { type: "ipsec" } },
      "'dataplane.bandwidthManager' (true) is switched off by the agents with IPsec",
    ],
    [
      { hostFirewall: true, encryption: { type: "ipsec" } },
      "'dataplane.hostFirewall' (true) cannot be used with IPsec",
    ],
    [{ loadBalancing: { mode: "dsr" } }, "'dataplane.loadBalancing.mode' (dsr) lets pods' nodes answer"],
    [{ loadBalancerIpam: "all" }, "'dataplane.loadBalancerIpam' (lbipam) takes every LoadBalancer Service"],
    [{ l2Announcements: {} }, "'dataplane.l2Announcements' (true) cannot work on GKE"],
    [{ mtu: 1500 }, "'dataplane.mtu' (1500) is above 'network.mtu' (1460)"],
  ])("%j", (options, message) => {
    expect(problems(options)).toEqual([expect.stringContaining(message)]);
  });

  test("and is open to who accepts it", () => {
    const accept = ["direct-server-return", "l2-announcements", "load-balancer-ipam"] as const;
    const options: KubeProxyFreeOptions = {
      accept,
      l2Announcements: { leaseDurationSeconds: 3, leaseRenewDeadlineSeconds: 1, leaseRetryPeriodSeconds: 0.2 },
      loadBalancerIpam: "all",
      loadBalancing: { mode: "dsr" },
    };
    expect(problems(options)).toEqual([]);
    expect(problems({ ...options, l2Announcements: { leaseDurationSeconds: 4 } })).toEqual([
      expect.stringContaining(
        "'dataplane.l2Announcements.leaseDurationSeconds' (4000ms) is below one second, or not above",
      ),
    ]);
  });
});

describe("Gateways by Cilium", () => {
  const stack = (options: KubeProxyFreeOptions) =>
    synthEnvironment(definition({ dataplane: Dataplane.kubeProxyFree(options) }))["staging-networking"];

  test("their definitions come before Cilium, whose operator looks for them once", () => {
    const releases = stack({ gatewayApi: {} })?.resource["helm_release"] as Record<string, Record<string, unknown>>;
    expect(Object.keys(releases).sort()).toEqual(["cilium", "gateway-api"]);
    expect(releases["cilium"]?.["depends_on"]).toContain("helm_release.gateway-api");
    expect(releases["gateway-api"]).toMatchObject({ version: "1.6.1", take_ownership: true });
    expect(Object.keys(stack({ gatewayApi: { definitions: false } })?.resource["helm_release"] ?? {})).toEqual([
      "cilium",
    ]);
  });

  test("are warned of only where nobody brings the definitions", () => {
    const warned = (gatewayApi: object) =>
      described({ gatewayApi }).dataplane?.warnings.map(({ property }) => property);
    expect(warned({})).toEqual([]);
    expect(warned({ definitions: false })).toEqual(["dataplane.gatewayApi"]);
  });

  test("are refused beside GKE's controller, without Layer 7, and by versions that want other definitions", () => {
    const dataplane = Dataplane.kubeProxyFree({ gatewayApi: {} });
    expect(describeEnvironment(definition({ dataplane, cluster: { gatewayApi: true } })).problems).toEqual([
      expect.stringContaining("'dataplane.gatewayApi' (true) is a second controller beside GKE's"),
    ]);
    expect(problems({ gatewayApi: {}, values: { l7Proxy: false } })).toEqual([
      expect.stringContaining("'dataplane.values.l7Proxy' (false) is needed by the Gateway API"),
    ]);
    const version = CiliumVersion.V1_19;
    expect(problems({ gatewayApi: {}, version })).toEqual([
      expect.stringContaining("'dataplane.gatewayApi.definitions' (true) are those of the Gateway API 1.6.1"),
    ]);
    expect(problems({ gatewayApi: { definitions: false }, version })).toEqual([]);
  });

  test("Ingresses are Cilium's of its class, or all", () => {
    expect(described({ ingressController: { loadBalancerMode: "shared" } }).dataplane?.release?.values).toMatchObject({
      ingressController: { enabled: true, default: false, loadbalancerMode: "shared" },
    });
  });
});

test("policies that enforce nothing, and programs that log everything, are warned of", () => {
  const { dataplane } = described({ policyAuditMode: true, hostFirewall: true });
  expect(dataplane?.warnings.map(({ property }) => property)).toEqual(["dataplane.policyAuditMode"]);
});

test("how programs run is asked for in chaining, too", () => {
  const dataplane = Dataplane.cniChaining({
    debug: ["flow"],
    priorityClasses: { relay: "ours" },
    endpointSlices: true,
  });
  const { problems: wrong, dataplane: effective } = describeEnvironment(definition({ dataplane }));
  expect(wrong).toEqual([]);
  expect(effective?.release?.values).toMatchObject({
    debug: { enabled: true, verbose: "flow" },
    ciliumEndpointSlice: { enabled: true },
    hubble: { relay: { enabled: true, priorityClassName: "ours" } },
  });
});
