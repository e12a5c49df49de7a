import { cloudFirewall, cloudNat, gkeFirewall } from "../../../sandbox/real-nodes/vpc/cloud-network";
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
    const found = cloudFirewall(view, {
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

  test("GKE's own rules let pods reach nodes and the control plane reach kubelets", () => {
    const rules = gkeFirewall(view, [view.podsCidr], "10.16.0.2");
    expect(rules.find(({ name }) => name.endsWith("-all"))?.sourceRanges).toEqual([view.podsCidr]);
    expect(rules.find(({ name }) => name.endsWith("-master"))?.traffic[0]?.ports).toEqual(["10250", "443"]);
  });
});
