import { App, Testing } from "cdktf";
import { Construct } from "constructs";
import { Dataplane } from "../../lib/dataplane";
import { Environment } from "../../lib/environment";
import { parseKnownValues } from "../../lib/helm";
import * as policy from "../../lib/policy";
import { definition } from "../support/definition";

type Place = policy.PolicyPlace;
const PODS = { matchLabels: { app: "api" } };
const metadata = { name: "one", namespace: "shop" };
const ofCluster = { name: "one" };

/** One of each kind, as little as it takes. */
const KINDS: Readonly<Record<string, (scope: Construct, place: Place) => policy.Policies>> = {
  NetworkPolicy: (scope, place) =>
    new policy.NetworkPolicy(scope, "p", { ...place, metadata, spec: { podSelector: PODS, ingress: [{}] } }),
  CiliumNetworkPolicy: (scope, place) =>
    new policy.CiliumNetworkPolicy(scope, "p", {
      ...place,
      metadata,
      spec: { endpointSelector: PODS, ingress: [{ fromEndpoints: [PODS] }] },
    }),
  CiliumClusterwideNetworkPolicy: (scope, place) =>
    new policy.CiliumClusterwideNetworkPolicy(scope, "p", {
      ...place,
      metadata: ofCluster,
      specs: [{ endpointSelector: PODS, ingress: [{ fromEntities: ["cluster"] }] }],
    }),
  CiliumCIDRGroup: (scope, place) =>
    new policy.CiliumCidrGroup(scope, "p", {
      ...place,
      metadata: ofCluster,
      spec: { externalCIDRs: ["203.0.113.0/24"] },
    }),
  CiliumLocalRedirectPolicy: (scope, place) =>
    new policy.CiliumLocalRedirectPolicy(scope, "p", {
      ...place,
      metadata,
      spec: {
        redirectFrontend: { serviceMatcher: { serviceName: "a", namespace: "shop" } },
        redirectBackend: { localEndpointSelector: PODS, toPorts: [{ port: "80", protocol: "TCP" }] },
      },
    }),
  CiliumEgressGatewayPolicy: (scope, place) =>
    new policy.CiliumEgressGatewayPolicy(scope, "p", {
      ...place,
      metadata: ofCluster,
      spec: {
        selectors: [{ podSelector: PODS }],
        destinationCIDRs: ["203.0.113.0/24"],
        egressGateway: { nodeSelector: { matchLabels: { "cdktf-gke-cilium/pool": "egress" } } },
      },
    }),
  CiliumL2AnnouncementPolicy: (scope, place) =>
    new policy.CiliumL2AnnouncementPolicy(scope, "p", {
      ...place,
      metadata: ofCluster,
      spec: { serviceSelector: PODS, loadBalancerIPs: true },
    }),
  CiliumLoadBalancerIPPool: (scope, place) =>
    new policy.CiliumLoadBalancerIpPool(scope, "p", {
      ...place,
      metadata: ofCluster,
      spec: { blocks: [{ cidr: "203.0.113.0/24" }], serviceSelector: PODS },
    }),
  FQDNNetworkPolicy: (scope, place) =>
    new policy.FqdnNetworkPolicy(scope, "p", {
      ...place,
      metadata,
      spec: { podSelector: PODS, egress: [{ matches: [{ name: "api.example.com" }], ports: [{ port: 443 }] }] },
    }),
};

const RISKS = [
  { risk: "l2-announcements", reason: "a study on a layer 2 network" },
  { risk: "load-balancer-ipam", reason: "a study on a layer 2 network" },
] as const;

/** Each dataplane with everything on that a policy can need. */
const DATAPLANES: Readonly<
  Record<string, { readonly dataplane: () => Dataplane; readonly refused: readonly string[] }>
> = {
  "cni-chaining": {
    dataplane: () => Dataplane.cniChaining(),
    refused: [
      "CiliumLocalRedirectPolicy",
      "CiliumEgressGatewayPolicy",
      "CiliumL2AnnouncementPolicy",
      "CiliumLoadBalancerIPPool",
      "FQDNNetworkPolicy",
    ],
  },
  "kube-proxy-free": {
    dataplane: () =>
      Dataplane.kubeProxyFree({
        localRedirectPolicies: true,
        egressGateway: { nodePool: "egress" },
        l2Announcements: {},
        loadBalancerIpam: "all",
        accept: RISKS,
      }),
    refused: ["FQDNNetworkPolicy"],
  },
  "dataplane-v2": {
    dataplane: () => Dataplane.v2({ fqdnNetworkPolicy: true, clusterwideNetworkPolicy: true }),
    refused: [
      "CiliumNetworkPolicy",
      "CiliumCIDRGroup",
      "CiliumLocalRedirectPolicy",
      "CiliumEgressGatewayPolicy",
      "CiliumL2AnnouncementPolicy",
      "CiliumLoadBalancerIPPool",
    ],
  },
};

const POOLS = [
  { name: "general", minNodes: 3, maxNodes: 9 },
  {
    name: "egress",
    minNodes: 2,
    maxNodes: 3,
    taints: [{ key: "egress-gateway", value: "true", effect: "NO_SCHEDULE" }],
  },
] as const;

const environment = (dataplane: Dataplane) =>
  new Environment(Testing.app(), definition({ dataplane, nodePools: POOLS }));

interface Release {
  readonly name: string;
  readonly values: string[];
  readonly depends_on?: string[];
}

const releases = (stack: Parameters<typeof Testing.synth>[0]) =>
  Object.values((JSON.parse(Testing.synth(stack)).resource?.helm_release ?? {}) as Record<string, Release>);

describe.each(Object.entries(DATAPLANES))("%s", (_, { dataplane, refused }) => {
  test.each(Object.entries(KINDS))("%s is a release after Cilium's, or is refused with a reason", (kind, make) => {
    const { networking } = environment(dataplane());
    const scope = new Construct(networking, "ours");
    if (refused.includes(kind)) {
      expect(() => make(scope, networking.policyContext)).toThrow(new RegExp(`'kind' \\(${kind}\\) .*; `));
      return;
    }
    const { manifests } = make(scope, networking.policyContext);
    const release = releases(networking).find(({ name }) => name === manifests?.release.nameInput);
    const [key] = Object.keys(parseKnownValues(release?.values[0] ?? "{}")["manifests"] as object);
    expect(key).toMatch(new RegExp(`^${kind}\\.`));
    const cilium = networking.dataplane.parts.cilium?.release.friendlyUniqueId;
    if (cilium !== undefined) expect(release?.depends_on).toContain(`helm_release.${cilium}`);
  });
});

test("a policy names its own fields where it is wrong, all at once", () => {
  const { networking } = environment(Dataplane.cniChaining());
  expect(
    () =>
      new policy.CiliumNetworkPolicy(networking, "p", {
        ...networking.policyContext,
        metadata: { name: "Web", namespace: "shop" },
        spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: "99999" }] }] }] },
      }),
  ).toThrow(/'metadata\.name' \(Web\)[\s\S]*'spec\.ingress\[0\]\.toPorts\[0\]\.ports\[0\]\.port' \(99999\)/);
});

test("logging is GKE's annotation", () => {
  const { networking } = environment(Dataplane.v2({ policyLogging: { allow: { log: true, delegate: true } } }));
  new policy.NetworkPolicy(networking, "p", {
    ...networking.policyContext,
    logAllowed: true,
    metadata: { ...metadata, annotations: { team: "a" } },
    spec: { podSelector: PODS, ingress: [{ from: [{ podSelector: PODS }] }] },
  });
  const release = releases(networking).find(({ name }) => name === "networkpolicy-shop-one");
  expect(Object.values(parseKnownValues(release?.values[0] ?? "{}")["manifests"] as object)[0]).toMatchObject({
    metadata: { annotations: { team: "a", "policy.network.gke.io/enable-logging": "true" } },
  });
});

test("releases have names that Helm takes, and of their own", () => {
  const { networking } = environment(Dataplane.kubeProxyFree());
  const name = (long: string) => {
    const { manifests } = new policy.CiliumNetworkPolicy(networking, long, {
      ...networking.policyContext,
      metadata: { name: long, namespace: "shop" },
      spec: { endpointSelector: PODS, ingress: [{}] },
    });
    return manifests?.release.nameInput ?? "";
  };
  const names = [`a${"-long".repeat(20)}`, `a${"-long".repeat(21)}`, "a.b", "a-b"].map(name);
  expect(new Set(names).size).toBe(4);
  for (const each of names) expect(each).toMatch(/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/);
});

test("where nothing is known of the cluster, the newest definitions count", () => {
  const scope = new Environment(new App(), definition()).networking;
  expect(
    () =>
      new policy.FqdnNetworkPolicy(scope, "p", {
        metadata,
        spec: { podSelector: PODS, egress: [{ matches: [{ name: "api.example.com" }], ports: [{ port: 0 }] }] },
      }),
  ).toThrow(/'spec\.egress\[0\]\.ports\[0\]\.port'/);
});
