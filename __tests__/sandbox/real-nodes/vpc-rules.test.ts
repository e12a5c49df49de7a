import { type VpcModel, vpcRules } from "../../../sandbox/real-nodes/vpc/rules";

const node = { link: "n1", mark: 1, address: "10.16.0.3", podCidr: "10.20.0.0/24" };
const model = (more: Partial<VpcModel> = {}): VpcModel => ({
  nodes: [node],
  loadBalancers: [],
  firewall: [],
  privateRanges: ["10.16.0.0/20", "10.20.0.0/14"],
  ...more,
});
const rules = (more: Partial<VpcModel> = {}) => vpcRules(model(more)).split("\n");
/** Place of the first line that matches, among all. */
const place = (lines: readonly string[], pattern: RegExp) => lines.findIndex((line) => pattern.test(line));

describe("the VPC", () => {
  test("drops what a node sends with an address that is neither its own nor its pods'", () => {
    expect(rules().filter((line) => line.includes("FROM-n1"))).toEqual([
      ":FROM-n1 - [0:0]",
      "-A PREROUTING -i n1 -j FROM-n1",
      "-A FROM-n1 -s 10.16.0.3/32 -j RETURN",
      "-A FROM-n1 -s 10.20.0.0/24 -j RETURN",
      "-A FROM-n1 -j DROP",
    ]);
  });

  test("lets nodes answer with the address of a load balancer, to which packets come as they were sent", () => {
    const lines = rules({
      loadBalancers: [
        { address: "198.51.100.130", protocol: "tcp", ports: [80], sourceRanges: ["0.0.0.0/0"], backends: [1, 2] },
      ],
    });
    expect(lines).toContain("-A FROM-n1 -s 198.51.100.130/32 -j RETURN");
    expect(lines.filter((line) => line.startsWith("-A LB-0"))).toEqual([
      "-A LB-0 -m statistic --mode random --probability 0.50000000 -m mark --mark 0 -j MARK --set-mark 1",
      "-A LB-0 -m mark --mark 0 -j MARK --set-mark 2",
    ]);
    expect(lines.some((line) => line.includes("DNAT"))).toBe(false);
  });

  test("denies what no rule allows, and asks rules by priority, denying ones first", () => {
    const traffic = [{ protocol: "tcp", ports: ["80", "8000-8080"] }];
    const lines = rules({
      firewall: [
        { name: "late", priority: 2000, action: "allow", sourceRanges: ["0.0.0.0/0"], traffic: [{ protocol: "all" }] },
        { name: "allows", priority: 1000, action: "allow", sourceRanges: ["10.0.0.0/8"], traffic },
        { name: "denies", priority: 1000, action: "deny", sourceRanges: ["10.1.0.0/16", "2001:db8::/32"], traffic },
      ],
    });
    const ports = "-p tcp -m multiport --dports 80,8000:8080";
    expect(lines).toContain(`-A INGRESS -s 10.1.0.0/16 ${ports} -m comment --comment "denies" -j DROP`);
    const order = [/"denies"/, /"allows"/, /"late"/, /^-A INGRESS -j DROP$/].map((pattern) => place(lines, pattern));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(vpcRules(model())).not.toContain("2001:db8");
  });

  test("leads outside through Cloud NAT only, or by a node's own external address", () => {
    expect(rules().filter((line) => line.includes("SNAT"))).toEqual([]);
    expect(rules()).toContain("-A OUTSIDE -s 10.20.0.0/14 -j DROP");
    const translated = rules({ nat: { ranges: ["10.20.0.0/14"], address: "198.51.100.1" } });
    expect(translated).toContain("-A POSTROUTING -o internet -s 10.20.0.0/14 -j SNAT --to-source 198.51.100.1");
    expect(place(translated, /OUTSIDE -s 10.20.0.0\/14 -j ACCEPT/)).toBeLessThan(
      place(translated, /OUTSIDE -s 10.20.0.0\/14 -j DROP/),
    );
    const external = rules({ nodes: [{ ...node, externalAddress: "198.51.100.11" }] });
    expect(external).toContain("-A POSTROUTING -o internet -s 10.16.0.3/32 -j SNAT --to-source 198.51.100.11");
  });
});
