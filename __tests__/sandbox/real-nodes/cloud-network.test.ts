import {
  cloudFirewall,
  cloudNat,
  gkeFirewall,
  networkOf,
  reservedAddresses,
} from "../../../sandbox/real-nodes/vpc/cloud-network";
import { cluster } from "../kubernetes/fixtures";

const NETWORK = "projects/acme-staging/global/networks/staging";
const view = { ...cluster(), nodesCidr: "10.16.0.0/20", resource: { network: NETWORK } };
const router = (nat: object, network = NETWORK) => ({
  "//compute.googleapis.com/projects/acme-staging/regions/europe-west1/routers/nat": {
    network: `https://www.googleapis.com/compute/v1/${network}`,
    nats: [nat],
  },
});

describe("what the simulated API says of a network", () => {
  test("Cloud NAT translates what it is configured for", () => {
    const all = router({ sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" });
    expect(cloudNat(view, [view.podsCidr, "10.28.0.0/20"], all as never, "198.51.100.1")?.ranges).toEqual([
      "10.16.0.0/20",
      view.podsCidr,
      "10.28.0.0/20",
    ]);
    const primary = router({
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: "nodes", sourceIpRangesToNat: ["PRIMARY_IP_RANGE"] }],
    });
    expect(cloudNat(view, [view.podsCidr], primary as never, "198.51.100.1")?.ranges).toEqual(["10.16.0.0/20"]);
    expect(cloudNat(view, [view.podsCidr], {}, "198.51.100.1")).toBeUndefined();
  });

  test("firewall rules of the network hold, not those of others, disabled ones or egress", () => {
    const rule = (name: string, more: object) => ({
      [`//compute.googleapis.com/projects/acme-staging/global/firewalls/${name}`]: {
        name,
        network: NETWORK,
        direction: "INGRESS",
        priority: 900,
        sourceRanges: ["172.16.0.0/28"],
        allowed: [{ IPProtocol: "tcp", ports: ["8443"] }],
        ...more,
      },
    });
    const found = cloudFirewall(view, [], {
      ...rule("webhooks", {}),
      ...rule("denied", { allowed: undefined, denied: [{ IPProtocol: "all" }] }),
      ...rule("other", { network: "projects/acme-staging/global/networks/other" }),
      ...rule("disabled", { disabled: true }),
      ...rule("egress", { direction: "EGRESS" }),
    } as never);
    expect(found.map(({ name, action, priority }) => [name, action, priority])).toEqual([
      ["webhooks", "allow", 900],
      ["denied", "deny", 900],
    ]);
  });

  test("each cluster of a network has the Cloud NAT that names its subnetwork", () => {
    const link = (name: string) => `https://www.googleapis.com/compute/v1/projects/acme/regions/r/subnetworks/${name}`;
    const nat = (name: string, kind: string) => ({
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: link(name), sourceIpRangesToNat: [kind] }],
    });
    const both = {
      ...router(nat("tokyo", "ALL_IP_RANGES")),
      "//compute.googleapis.com/projects/acme-staging/regions/europe-west1/routers/other": {
        network: NETWORK,
        nats: [nat("osaka", "PRIMARY_IP_RANGE")],
      },
    };
    const rangesOf = (name: string) => {
      const resource = {
        network: NETWORK,
        networkConfig: { subnetwork: `projects/acme/regions/r/subnetworks/${name}` },
      };
      return cloudNat({ ...view, resource }, [view.podsCidr], both as never, "198.51.100.1")?.ranges;
    };
    expect(rangesOf("tokyo")).toEqual(["10.16.0.0/20", view.podsCidr]);
    expect(rangesOf("osaka")).toEqual(["10.16.0.0/20"]);
  });

  test("a firewall rule for machines with a tag holds for clusters whose nodes have it", () => {
    const rule = (name: string, targetTags: readonly string[]) => ({
      [`//compute.googleapis.com/projects/acme-staging/global/firewalls/${name}`]: {
        name,
        network: NETWORK,
        direction: "INGRESS",
        sourceRanges: ["10.0.0.0/8"],
        allowed: [{ IPProtocol: "all" }],
        targetTags,
      },
    });
    const rules = {
      ...rule("ours", ["gke-staging"]),
      ...rule("service", ["gke-staging-0f1e2d3c-node"]),
      ...rule("theirs", ["gke-osaka"]),
      ...rule("their-service", ["gke-osaka-00112233-node"]),
      ...rule("everybody", []),
    };
    const names = (tags: readonly string[]) => cloudFirewall(view, tags, rules as never).map(({ name }) => name);
    expect(names(["gke-staging"])).toEqual(["ours", "service", "everybody"]);
    expect(names([])).toEqual(["service", "everybody"]);
  });

  test("clusters share a network where Google's API names one for both", () => {
    const inNetwork = (link: string) => networkOf({ ...view, resource: { networkConfig: { network: link } } });
    expect(inNetwork("projects/acme-net/global/networks/shared")).toBe("acme-net+shared");
    expect(networkOf(view)).toBe("acme-staging+staging");
    expect(networkOf({ ...view, resource: {} })).toBe("acme-staging+default");
  });

  test("addresses that are reserved in the subnetwork are no node's", () => {
    const address = (name: string, more: object) => ({
      [`//compute.googleapis.com/projects/acme-staging/regions/europe-west1/addresses/${name}`]: { name, ...more },
    });
    const resources = {
      ...address("mesh", { address: "10.16.0.10", addressType: "INTERNAL" }),
      ...address("elsewhere", { address: "10.96.0.10", addressType: "INTERNAL" }),
      ...address("nat", { address: "203.0.113.4", addressType: "EXTERNAL" }),
    };
    expect(reservedAddresses(view, resources as never)).toEqual(["10.16.0.10"]);
    expect(reservedAddresses(view, {})).toEqual([]);
  });

  test("GKE's own rules let pods reach nodes and the control plane reach kubelets", () => {
    const rules = gkeFirewall(view, [view.podsCidr], "10.16.0.2");
    expect(rules.find(({ name }) => name.endsWith("-all"))?.sourceRanges).toEqual([view.podsCidr]);
    expect(rules.find(({ name }) => name.endsWith("-master"))?.traffic[0]?.ports).toEqual(["10250", "443"]);
  });
});
