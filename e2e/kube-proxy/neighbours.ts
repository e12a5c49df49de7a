import type { FakeNode, Ruleset } from "./fake-node";

/**
 * Rules of everybody else on a GKE node with Cilium, some of them made to look like kube-proxy's. They are put before,
 * between and behind kube-proxy's jumps.
 */
export function loadNeighbours(node: FakeNode, ruleset: Ruleset): void {
  const v6 = ruleset.startsWith("ip6");
  const pods = v6 ? "fd00:10::/64" : "10.20.0.0/14";
  const host = v6 ? "fd00:10::1/128" : "10.20.0.1/32";
  const local = v6 ? "::1/128" : "127.0.0.0/8";
  const dns = v6 ? "fd00:10::a/128" : "169.254.20.10/32";

  // Most of it stands behind kube-proxy's rules.
  node.load(
    ruleset,
    `*raw
:CILIUM_PRE_raw - [0:0]
-A PREROUTING -m comment --comment "cilium-feeder: CILIUM_PRE_raw" -j CILIUM_PRE_raw
-A PREROUTING -d ${dns} -p udp -m udp --dport 53 -j NOTRACK
COMMIT
*mangle
:KUBE-KUBELET-CANARY - [0:0]
:KUBE-IPTABLES-HINT - [0:0]
:CILIUM_PRE_mangle - [0:0]
-A PREROUTING -m comment --comment "cilium-feeder: CILIUM_PRE_mangle" -j CILIUM_PRE_mangle
-A CILIUM_PRE_mangle -m socket --transparent -m comment --comment "cilium: any->pod redirect proxied traffic to host proxy" -j MARK --set-xmark 0x200/0xffffffff
COMMIT
*nat
:KUBE-MARK-DROP - [0:0]
:KUBE-KUBELET-CANARY - [0:0]
:IP-MASQ - [0:0]
:CILIUM_POST_nat - [0:0]
:CILIUM_OUTPUT_nat - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
:CNI-HOSTPORT-SETMARK - [0:0]
:CNI-HOSTPORT-MASQ - [0:0]
:CNI-DN-0123456789abcdef01234 - [0:0]
:KUBE-SERVICES-AUDIT - [0:0]
:KUBE-SVC-MINE - [0:0]
:KUBE-SEP-ABCDEFGHIJKLMNO1 - [0:0]
:KUBE-HOSTPORTS - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ
-A POSTROUTING -m comment --comment "ip-masq: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom IP-MASQ chain" -m addrtype ! --dst-type LOCAL -j IP-MASQ
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-SERVICES-AUDIT
-A OUTPUT -m comment --comment "not a jump: -j KUBE-SERVICES \\"quoted\\" -g KUBE-NODEPORTS" -j KUBE-SERVICES-AUDIT
-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
-A IP-MASQ -d ${pods} -m comment --comment "ip-masq: local traffic is not subject to MASQUERADE" -j RETURN
-A IP-MASQ -m comment --comment "ip-masq: outbound traffic is subject to MASQUERADE (must be last in chain)" -j MASQUERADE
-A CILIUM_POST_nat -s ${pods} ! -d ${pods} ! -o cilium_+ -m comment --comment "cilium masquerade non-cluster" -j MASQUERADE
-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"gke-pod-network\\" id: \\"0123\\"" -m multiport --dports 8080 -j CNI-DN-0123456789abcdef01234
-A CNI-DN-0123456789abcdef01234 -s ${pods} -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK
-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000
-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE
-A KUBE-SVC-MINE -s ${host} -j RETURN
-A KUBE-SERVICES-AUDIT -p tcp -m tcp --dport 4000 -j LOG --log-prefix "KUBE-SERVICES -j KUBE-SVC"
COMMIT
*filter
:KUBE-KUBELET-CANARY - [0:0]
:CILIUM_INPUT - [0:0]
:CILIUM_FORWARD - [0:0]
:team-rules - [0:0]
-A INPUT -m comment --comment "cilium-feeder: CILIUM_INPUT" -j CILIUM_INPUT
-A FORWARD -m comment --comment "cilium-feeder: CILIUM_FORWARD" -j CILIUM_FORWARD
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j ACCEPT
-A FORWARD -m comment --comment KUBE-FORWARD -j team-rules
-A CILIUM_FORWARD -o cilium_host -m comment --comment "cilium: any->cluster on cilium_host forward accept" -j ACCEPT
-A team-rules -s ${local} -p tcp -m tcp --dport 10256 -j RETURN
COMMIT
`,
  );
  // Some of it stands before and between them.
  for (const rule of [
    "-t nat -I POSTROUTING 1 -m comment --comment cilium-feeder:-CILIUM_POST_nat -j CILIUM_POST_nat",
    "-t nat -I OUTPUT 1 -m comment --comment cilium-feeder:-CILIUM_OUTPUT_nat -j CILIUM_OUTPUT_nat",
    "-t nat -I PREROUTING 1 -p tcp --dport 4001 -j RETURN",
    "-t filter -I INPUT 2 -p tcp --dport 4002 -j ACCEPT",
    "-t filter -I FORWARD 3 -p tcp --dport 4003 -j ACCEPT",
    "-t filter -I OUTPUT 2 -p tcp --dport 4004 -j team-rules",
  ])
    node.root([ruleset, "-w", ...rule.split(" ")]);
}
