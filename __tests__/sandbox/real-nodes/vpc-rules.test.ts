import { type VpcModel, vpcRules } from "../../../sandbox/real-nodes/vpc/rules";

const node = { link: "n1", mark: 1, address: "10.16.0.3", podCidr: "10.20.0.0/24" };
const model = (more: Partial<VpcModel> = {}): VpcModel => ({
  nodes: [node],
  loadBalancers: [],
  firewall: [],
  privateRanges: ["10.16.0.0/20", "10.20.0.0/14"],
  ...more,
});
const rules = (more: Partial<VpcModel> = {}) => vpcRules([model(more)]).split("\n");
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
    expect(lines).toContain(`-A INGRESS-0 -s 10.1.0.0/16 ${ports} -m comment --comment "denies" -j DROP`);
    const order = [/"denies"/, /"allows"/, /"late"/, /^-A INGRESS-0 -j DROP$/].map((pattern) => place(lines, pattern));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(lines.join()).not.toContain("2001:db8");
  });

  test("keeps the internet away from internal load balancers", () => {
    const balancer = {
      address: "10.16.0.10",
      protocol: "tcp",
      ports: [80],
      sourceRanges: ["0.0.0.0/0"],
      backends: [1],
    };
    const closed = "-A PREROUTING -i internet -d 10.16.0.10/32 -j DROP";
    expect(rules({ loadBalancers: [balancer] })).not.toContain(closed);
    const lines = rules({ loadBalancers: [{ ...balancer, isInternal: true }] });
    expect(lines.indexOf(closed)).toBeLessThan(place(lines, /-d 10.16.0.10\/32 .*-j LB-0/));
    expect(lines).toContain(closed);
  });

  test("holds two clusters: each has its firewall, its load balancers and its Cloud NAT", () => {
    const allow = (name: string, range: string) => ({
      name,
      priority: 1000,
      action: "allow" as const,
      sourceRanges: [range],
      traffic: [{ protocol: "all" }],
    });
    const balancer = (address: string, backend: number) => ({
      address,
      protocol: "tcp",
      ports: [2379],
      sourceRanges: ["0.0.0.0/0"],
      backends: [backend],
    });
    const lines = vpcRules([
      model({ firewall: [allow("one", "10.100.0.0/14")], loadBalancers: [balancer("10.16.0.10", 1)] }),
      model({
        nodes: [{ link: "n2", mark: 2, address: "10.96.0.3", podCidr: "10.100.0.0/24" }],
        firewall: [allow("other", "10.20.0.0/14")],
        loadBalancers: [balancer("10.96.0.10", 2)],
        nat: { ranges: ["10.100.0.0/14"], address: "198.51.100.1" },
        privateRanges: ["10.96.0.0/20", "10.100.0.0/14"],
      }),
    ]).split("\n");
    expect(lines.filter((line) => /^-A INGRESS|-o n\d -j/.test(line))).toEqual([
      "-A FORWARD -o n1 -j INGRESS-0",
      "-A OUTPUT -o n1 -j INGRESS-0",
      '-A INGRESS-0 -s 10.100.0.0/14 -m comment --comment "one" -j ACCEPT',
      "-A INGRESS-0 -j DROP",
      "-A FORWARD -o n2 -j INGRESS-1",
      "-A OUTPUT -o n2 -j INGRESS-1",
      '-A INGRESS-1 -s 10.20.0.0/14 -m comment --comment "other" -j ACCEPT',
      "-A INGRESS-1 -j DROP",
    ]);
    expect(lines).toContain("-A LB-1 -m mark --mark 0 -j MARK --set-mark 2");
    expect(lines.filter((line) => line.startsWith("-A FROM-n2"))).toEqual([
      "-A FROM-n2 -s 10.96.0.3/32 -j RETURN",
      "-A FROM-n2 -s 10.100.0.0/24 -j RETURN",
      "-A FROM-n2 -s 10.96.0.10/32 -j RETURN",
      "-A FROM-n2 -j DROP",
    ]);
    const outside = (line: string) => lines.indexOf(`-A OUTSIDE -s ${line}`);
    expect(outside("10.100.0.0/14 -j ACCEPT")).toBeLessThan(outside("10.16.0.0/20 -j DROP"));
    for (const table of ["mangle", "nat", "filter"])
      expect(lines.filter((line) => line === `*${table}`)).toHaveLength(1);
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
