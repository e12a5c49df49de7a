import { CiliumVersion } from "../../../lib/cilium";
import { AGENT_OPTIONS, type AgentOptions, agentValues } from "../../../lib/cilium/features/agent-options";
import {
  DATAPATH_OPTIONS,
  type DatapathOptions,
  datapathValues,
  needsBpfMasquerade,
} from "../../../lib/cilium/features/datapath";
import { describeProblem, examine } from "../../../lib/validation";

const values = (options: DatapathOptions) =>
  datapathValues(options, { version: CiliumVersion.V1_20, name: "staging", pods: "10.20.0.0/14" });

describe("options of the datapath become values", () => {
  test.each<[string, DatapathOptions, object]>([
    ["nothing", {}, {}],
    ["egress gateway", { egressGateway: { nodePool: "egress" } }, { egressGateway: { enabled: true } }],
    ["ip-masq-agent with the agents' own ranges", { ipMasqAgent: {} }, { ipMasqAgent: { enabled: true } }],
    [
      "ip-masq-agent with ranges",
      { ipMasqAgent: { nonMasqueradeCidrs: ["10.0.0.0/8"] } },
      { ipMasqAgent: { enabled: true, config: { nonMasqueradeCIDRs: ["10.0.0.0/8"], masqLinkLocal: false } } },
    ],
    ["bandwidth manager", { bandwidthManager: {} }, { bandwidthManager: { enabled: true } }],
    [
      "BBR for nodes",
      { bandwidthManager: { bbr: true, bbrHostNamespaceOnly: true } },
      { bandwidthManager: { enabled: true, bbr: true, bbrHostNamespaceOnly: true } },
    ],
    [
      "Maglev",
      { loadBalancing: { algorithm: "maglev", maglevTableSize: 65521, maglevHashSeed: "JLfvgnHc2kaSUFaI" } },
      { loadBalancer: { algorithm: "maglev" }, maglev: { tableSize: 65521, hashSeed: "JLfvgnHc2kaSUFaI" } },
    ],
    ["Istio's switch", { socketLoadBalancing: { hostNamespaceOnly: true } }, { socketLB: { hostNamespaceOnly: true } }],
    ["local redirects", { localRedirectPolicies: true }, { localRedirectPolicies: { enabled: true } }],
    [
      "local redirects of ranges",
      { localRedirectPolicies: ["169.254.0.0/16"] },
      { localRedirectPolicies: { enabled: true, addressMatcherCIDRs: ["169.254.0.0/16"] } },
    ],
    ["host firewall", { hostFirewall: true }, { hostFirewall: { enabled: true } }],
    ["audit", { policyAuditMode: true }, { policyAuditMode: true }],
    ["MTU", { mtu: 1400 }, { MTU: 1400 }],
    [
      "announcements as the second source has them",
      { l2Announcements: { leaseDurationSeconds: 3, leaseRenewDeadlineSeconds: 1, leaseRetryPeriodSeconds: 0.2 } },
      {
        l2announcements: {
          enabled: true,
          leaseDuration: "3000ms",
          leaseRenewDeadline: "1000ms",
          leaseRetryPeriod: "200ms",
        },
      },
    ],
    ["addresses by class", { loadBalancerIpam: "by-class" }, { enableLBIPAM: true, defaultLBServiceIPAM: "none" }],
    ["addresses for all", { loadBalancerIpam: "all" }, { enableLBIPAM: true, defaultLBServiceIPAM: "lbipam" }],
  ])("%s", (_, options, expected) => {
    expect(values(options)).toEqual(expected);
    expect(examine(options, DATAPATH_OPTIONS).problems).toEqual([]);
  });

  test("what needs BPF masquerading asks for it", () => {
    expect(needsBpfMasquerade({ egressGateway: { nodePool: "x" } })).toBe(true);
    expect(needsBpfMasquerade({ ipMasqAgent: {} })).toBe(true);
    expect(needsBpfMasquerade({ hostFirewall: true, bandwidthManager: {} })).toBe(false);
  });
});

describe("options of the programs become values", () => {
  test.each<[string, AgentOptions, object]>([
    ["nothing", {}, {}],
    ["debug", { debug: true }, { debug: { enabled: true } }],
    ["debug of parts", { debug: ["flow", "policy"] }, { debug: { enabled: true, verbose: "flow policy" } }],
    [
      "API limits, as JSON, which the agents' own parser takes",
      { apiRateLimits: { "endpoint-create": ["rate-limit:10/s", "rate-burst:20"], "endpoint-list": ["log:true"] } },
      { apiRateLimit: '{"endpoint-create":"rate-limit:10/s,rate-burst:20","endpoint-list":"log:true"}' },
    ],
    [
      "requests to the API server",
      { apiServerRate: { qps: 30, burst: 60 }, operatorApiServerRate: { qps: 200 } },
      { k8sClientRateLimit: { qps: 30, burst: 60, operator: { qps: 200 } } },
    ],
    [
      "resources and priorities",
      { resources: { agent: { requests: { memory: "1Gi" } } }, priorityClasses: { relay: "ours" } },
      {
        resources: { requests: { memory: "1Gi" } },
        envoy: {},
        operator: {},
        hubble: { relay: { priorityClassName: "ours" } },
      },
    ],
    ["slices", { endpointSlices: true }, { ciliumEndpointSlice: { enabled: true } }],
  ])("%s", (_, options, expected) => {
    expect(JSON.parse(JSON.stringify(agentValues(options)))).toEqual(expected);
    expect(examine(options, AGENT_OPTIONS).problems).toEqual([]);
  });
});

describe("refused, each with its name, its value and what to do", () => {
  const TABLE = { ...DATAPATH_OPTIONS, ...AGENT_OPTIONS };
  test.each<[object, string]>([
    [{ egressGateway: {} }, "'egressGateway.nodePool' is missing"],
    [{ egressGateway: true }, "'egressGateway' (true) is not an object"],
    [{ ipMasqAgent: { nonMasqueradeCidrs: ["10.0.0.0"] } }, "'ipMasqAgent.nonMasqueradeCidrs[0]' (10.0.0.0) is not"],
    [{ bandwidthManager: { bbr: "yes" } }, "'bandwidthManager.bbr' (yes) is neither true nor false"],
    [{ loadBalancing: { algorithm: "magelv" } }, "did you mean maglev?"],
    [{ loadBalancing: { maglevTableSize: 1000 } }, "'loadBalancing.maglevTableSize' (1000) is not one of 251"],
    [{ loadBalancing: { maglevHashSeed: "short" } }, "'loadBalancing.maglevHashSeed' (short) is not 12 bytes"],
    [{ socketLoadBalancing: { hostNamespaceOnly: 1 } }, "'socketLoadBalancing.hostNamespaceOnly' (1)"],
    [{ localRedirectPolicies: "169.254.0.0/16" }, "'localRedirectPolicies' (169.254.0.0/16) is neither true nor false"],
    [{ localRedirectPolicies: ["x"] }, "'localRedirectPolicies[0]' (x) is not an IPv4 CIDR"],
    [{ mtu: 9000 }, "'mtu' (9000) is not a whole number from 1280 to 8896"],
    [{ l2Announcements: { leaseDurationSeconds: 0.5 } }, "'l2Announcements.leaseDurationSeconds' (0.5)"],
    [{ loadBalancerIpam: true }, "'loadBalancerIpam' (true) is not one of off, by-class, all"],
    [{ debug: ["flows"] }, "did you mean flow?"],
    [{ debug: "flow" }, "'debug' (flow) is neither true nor false"],
    [{ apiRateLimits: { "endpoint-creat": ["log:true"] } }, "is not one of endpoint-create"],
    [{ apiRateLimits: { "endpoint-create": ["10/s"] } }, "(10/s) is not a limit that agents know"],
    [{ apiServerRate: { qps: 0 } }, "'apiServerRate.qps' (0) is not a whole number of at least 1"],
    [{ resources: { agent: { limits: { memory: "lots" } } } }, "'resources.agent.limits.memory' (lots)"],
    [{ priorityClasses: { agent: "System Critical" } }, "'priorityClasses.agent' (System Critical)"],
    [{ priorityClasses: { agents: "x" } }, "did you mean agent?"],
  ])("%j", (options, message) => {
    const told = examine(options, TABLE).problems.map((problem) => describeProblem("x", problem));
    expect(told).toEqual([expect.stringContaining(message)]);
  });
});
