/** A node as the VPC sees it. */
export interface VpcNode {
  /** Its link, e.g. `n1`. */
  readonly link: string;
  /** Marks what a load balancer sends to it; unique in the VPC. */
  readonly mark: number;
  readonly address: string;
  readonly podCidr: string;
  /** Address that the internet knows it by, where nodes are public. */
  readonly externalAddress?: string;
}

/** A passthrough load balancer: packets reach nodes with the destination address that they were sent to. */
export interface LoadBalancer {
  readonly address: string;
  readonly protocol: string;
  readonly ports: readonly number[];
  /** Who may connect. */
  readonly sourceRanges: readonly string[];
  /** Marks of the nodes that get connections. */
  readonly backends: readonly number[];
  /** Whether only the VPC reaches it. @default false */
  readonly isInternal?: boolean;
}

/** A firewall rule for traffic to nodes, as Google's API has it. */
export interface IngressRule {
  readonly name: string;
  /** Lower comes first; where both are equal, denying does. */
  readonly priority: number;
  readonly action: "allow" | "deny";
  readonly sourceRanges: readonly string[];
  /** Protocol and ports, e.g. `{ protocol: "tcp", ports: ["80", "8000-8080"] }`; no ports mean all. */
  readonly traffic: readonly { readonly protocol: string; readonly ports?: readonly string[] }[];
  readonly destination?: string;
}

/** Everything that the router of the VPC goes by for one cluster. */
export interface VpcModel {
  readonly nodes: readonly VpcNode[];
  readonly loadBalancers: readonly LoadBalancer[];
  /** Rules of the cluster's own nodes. */
  readonly firewall: readonly IngressRule[];
  /** Ranges whose addresses Cloud NAT translates, and to what. */
  readonly nat?: { readonly ranges: readonly string[]; readonly address: string };
  /** Ranges of the cluster. */
  readonly privateRanges: readonly string[];
}

/** Name of the link that leads outside. */
export const INTERNET_LINK = "internet";

/** Protocols that iptables knows by these names; Google has more. */
const PROTOCOLS = new Set(["tcp", "udp", "icmp", "esp", "ah", "sctp"]);

/** The whole rule set for `iptables-restore`, of every cluster in the VPC. */
export function vpcRules(clusters: readonly VpcModel[]): string {
  return [...mangle(clusters), ...nat(clusters), ...filter(clusters), ""].join("\n");
}

/** Nobody sends from addresses that are not theirs, and load balancers choose a node for each connection. */
function mangle(clusters: readonly VpcModel[]): string[] {
  const chains: string[] = [];
  const rules: string[] = [];
  for (const { nodes, loadBalancers } of clusters)
    for (const { link, address, podCidr } of nodes) {
      const chain = `FROM-${link}`;
      chains.push(chain);
      rules.push(`-A PREROUTING -i ${link} -j ${chain}`);
      const own = [`${address}/32`, podCidr, ...new Set(loadBalancers.map((one) => `${one.address}/32`))];
      for (const range of own) rules.push(`-A ${chain} -s ${range} -j RETURN`);
      rules.push(`-A ${chain} -j DROP`);
    }
  const balanced = clusters.flatMap(({ loadBalancers }) => loadBalancers);
  for (const [index, { address, protocol, ports, backends, isInternal }] of balanced.entries()) {
    const chain = `LB-${index}`;
    chains.push(chain);
    if (isInternal) rules.push(`-A PREROUTING -i ${INTERNET_LINK} -d ${address}/32 -j DROP`);
    const to = `-d ${address}/32 -p ${protocol}`;
    rules.push(`-A PREROUTING ${to} -j CONNMARK --restore-mark`);
    for (const some of chunks(ports, 15))
      rules.push(`-A PREROUTING ${to} -m multiport --dports ${some.join(",")} -m mark --mark 0 -j ${chain}`);
    rules.push(`-A PREROUTING ${to} -j CONNMARK --save-mark`);
    for (const [place, mark] of backends.entries()) {
      const left = backends.length - place;
      const chance = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(8)}` : "";
      rules.push(`-A ${chain}${chance} -m mark --mark 0 -j MARK --set-mark ${mark}`);
    }
  }
  return table("mangle", ["PREROUTING ACCEPT"], chains, rules);
}

function nat(clusters: readonly VpcModel[]): string[] {
  const rules = clusters.flatMap(({ nodes, nat: cloudNat }) => [
    ...nodes.flatMap(({ address, externalAddress }) =>
      externalAddress
        ? [`-A POSTROUTING -o ${INTERNET_LINK} -s ${address}/32 -j SNAT --to-source ${externalAddress}`]
        : [],
    ),
    ...(cloudNat?.ranges ?? []).map(
      (range) => `-A POSTROUTING -o ${INTERNET_LINK} -s ${range} -j SNAT --to-source ${cloudNat?.address}`,
    ),
  ]);
  return table("nat", ["POSTROUTING ACCEPT"], [], rules);
}

/**
 * The firewall at each node's network card, which remembers connections and has a cluster's rules; and no way out without an
 * address for it.
 */
function filter(clusters: readonly VpcModel[]): string[] {
  const known = "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT";
  const chains = clusters.map((_, index) => `INGRESS-${index}`);
  const rules = [
    `-A FORWARD ${known}`,
    `-A OUTPUT ${known}`,
    ...clusters.flatMap(({ nodes, firewall }, index) => {
      const chain = `INGRESS-${index}`;
      return [
        ...nodes.flatMap(({ link }) => [`-A FORWARD -o ${link} -j ${chain}`, `-A OUTPUT -o ${link} -j ${chain}`]),
        ...[...firewall].sort(byPriority).flatMap((rule) => ingress(chain, rule)),
        `-A ${chain} -j DROP`,
      ];
    }),
    `-A FORWARD -o ${INTERNET_LINK} -j OUTSIDE`,
    ...clusters.flatMap(({ nodes, nat: cloudNat }) => [
      ...nodes.flatMap(({ address, externalAddress }) =>
        externalAddress ? [`-A OUTSIDE -s ${address}/32 -j ACCEPT`] : [],
      ),
      ...(cloudNat?.ranges ?? []).map((range) => `-A OUTSIDE -s ${range} -j ACCEPT`),
    ]),
    ...clusters.flatMap(({ privateRanges }) => privateRanges.map((range) => `-A OUTSIDE -s ${range} -j DROP`)),
  ];
  return table("filter", ["FORWARD ACCEPT", "OUTPUT ACCEPT"], [...chains, "OUTSIDE"], rules);
}

function byPriority(one: IngressRule, other: IngressRule): number {
  if (one.priority !== other.priority) return one.priority - other.priority;
  return Number(one.action === "allow") - Number(other.action === "allow");
}

function ingress(chain: string, { name, action, sourceRanges, traffic, destination }: IngressRule): string[] {
  const verdict = action === "allow" ? "ACCEPT" : "DROP";
  const to = destination ? ` -d ${destination}/32` : "";
  return sourceRanges
    .filter((range) => !range.includes(":"))
    .flatMap((range) =>
      traffic.flatMap(({ protocol, ports }) => {
        const name_ = protocol.toLowerCase();
        if (name_ !== "all" && !PROTOCOLS.has(name_)) return [];
        const kind = name_ === "all" ? "" : ` -p ${name_}`;
        const rule = (match: string) =>
          `-A ${chain} -s ${range}${to}${kind}${match} -m comment --comment "${name}" -j ${verdict}`;
        if (!ports || ports.length === 0) return [rule("")];
        return chunks(ports, 7).map((some) => rule(` -m multiport --dports ${some.join(",").replaceAll("-", ":")}`));
      }),
    );
}

function table(name: string, policies: readonly string[], chains: readonly string[], rules: readonly string[]) {
  return [
    `*${name}`,
    ...policies.map((policy) => `:${policy} [0:0]`),
    ...chains.map((chain) => `:${chain} - [0:0]`),
    ...rules,
    "COMMIT",
  ];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
