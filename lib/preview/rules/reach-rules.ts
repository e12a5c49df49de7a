import { contains, parseCidr } from "../../validation";
import { destroys, type ResourceChange } from "../model/changes";
import { asBlocks, getPath, isArray, isEqual, Opaque, type Value } from "../model/value";
import { natLess } from "./nat";
import { outcomeOf } from "./outcome";
import { objectsOf } from "./policies";
import { portsLost } from "./ports";
import { changedSettings } from "./release";
import { after, before, differs, eachChange, forces, type Rule, show, transition, type Verdict } from "./rule";
import type { Scene } from "./scene";
import { untagged } from "./untagged";

/** Networks and parts of them, of any cloud. */
const NETWORKS = /^(?!docker_|kubernetes_|libvirt_)\w+_(vpc|vcn|vswitch|network|subnet|subnetwork)(_v\d+)?$/;

const ROUTES = ["google_compute_route", "aws_route", "aws_route_table", "azurerm_route"];

/** What ties a network to others, and names to addresses. */
const TIES =
  /_(network_peering|network_peering_routes_config|service_networking_connection|vpn_tunnel|vpn_gateway|ha_vpn_gateway|interconnect_attachment|vpc_access_connector|vpc_peering_connection|nat_gateway|internet_gateway|router_interface|router_peer|dns_managed_zone|dns_record_set|dns_zone|route53_zone|route53_record|(?:dns_)?[a-z]{1,5}_record|shared_vpc_service_project|shared_vpc_host_project|network_connectivity_(?:hub|spoke|service_connection_policy)|service_attachment|network_attachment|dns_policy|dns_response_policy(?:_rule)?|external_vpn_gateway|interconnect|peered_dns_domain|transit_gateway(?:_\w+)?|vpc_endpoint|private_endpoint)$|^cloudflare_(dns_)?record$/;

/** Addresses that Google's load balancers ask health from: nodes that do not answer them get no traffic. */
const HEALTH_CHECKS = ["35.191.0.0/16", "130.211.0.0/22", "209.85.152.0/22", "209.85.204.0/22"];

export const REACH_RULES: readonly Rule[] = [
  {
    id: "NW4",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A network or subnet is deleted",
    consequence:
      "Nodes, control planes, load balancers and databases live in it. The cloud refuses to delete what is in use, so the apply fails half way; what is not in use by then loses its network.",
    remedy: "Keep it, or move everything in it to another one first.",
    source: "https://cloud.google.com/vpc/docs/create-modify-vpc-networks#deleting_a_network",
    check: eachChange([], (change) => {
      if (!NETWORKS.test(change.type)) return undefined;
      // A range that shrinks has a rule of its own.
      if (!destroys(change) || forces(change, "ip_cidr_range")) return undefined;
      return `${change.address} is ${verbOf(change)}${change.action === "replace" ? causesOf(change) : ""}`;
    }),
  },
  {
    id: "NW5",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Nodes lose a way out",
    consequence:
      "Nodes without addresses of their own reach Google's APIs, registries and the internet only through these: without them images are not pulled, nodes do not register, and pods time out.",
    remedy: "Put another way out in place first, and try it from a node.",
    source: "https://cloud.google.com/vpc/docs/private-google-access; https://cloud.google.com/nat/docs/overview",
    check: eachChange(
      [
        ...ROUTES,
        "google_compute_subnetwork",
        "google_compute_router",
        "google_compute_router_nat",
        "google_compute_network",
      ],
      wayLost,
    ),
  },
  {
    id: "NW6",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A firewall lets less through",
    consequence:
      "Connections it allowed are cut or never made. Where it let in the control plane, admission webhooks time out and nothing can be created; where health checks, load balancers take their nodes for dead.",
    remedy:
      "Look at the rule's hit count in the logs first; keep the ranges of health checks and of the control plane.",
    source:
      "https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules; https://cloud.google.com/load-balancing/docs/firewall-rules",
    check: eachChange([], firewallNarrowed),
  },
  {
    id: "NW7",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A connection to other networks or DNS zones is removed",
    consequence:
      "What was reached through it (databases, on-premises, other clusters, names in a zone) is unreachable until it is back.",
    remedy: "Find out who uses it, and have the replacement carry traffic first.",
    source: "https://cloud.google.com/vpc/docs/vpc-peering; https://cloud.google.com/vpc/docs/private-services-access",
    check: eachChange([], (change) =>
      (TIES.test(change.type) || isPeeringRange(change)) && destroys(change)
        ? `${change.address} is ${verbOf(change)}`
        : undefined,
    ),
  },
  {
    id: "NW8",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Pods leave the cluster under other addresses",
    consequence:
      "It decides whether pods keep their own address when they leave the cluster. Firewalls and allow-lists that know the nodes then meet pods, or the other way round.",
    remedy: "Allow both ranges everywhere first.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent",
    check: eachChange(["google_container_cluster", "helm_release"], masqueradeChanged),
  },
  {
    id: "NW9",
    severity: "high",
    modes: ["plan", "offline"],
    title: "An entry point for traffic is removed",
    consequence:
      "Traffic that comes in through it reaches nobody. A new load balancer has another address unless one is reserved, and certificates and health checks take minutes to hours.",
    remedy: "Put the successor beside it, move names over, and remove this one when nothing comes in any more.",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/ingress; https://gateway-api.sigs.k8s.io/",
    check: eachChange([], (change) => {
      const entry = ENTRIES.test(change.type) || isLoadBalancer(change);
      if (entry && destroys(change)) return `${change.address} is ${verbOf(change)}`;
      const lost = lostEntries(change);
      return lost.length > 0 ? `${change.address}: ${lost.join(", ")}` : undefined;
    }),
  },
];

/** Addresses that a peering hands to Google's services, such as databases. */
function isPeeringRange(change: ResourceChange): boolean {
  const purpose = String(before(change, "purpose"));
  return change.type === "google_compute_global_address" && /^(VPC_PEERING|PRIVATE_SERVICE_CONNECT)$/.test(purpose);
}

/** Whatever takes connections from outside, of any provider. */
const ENTRIES =
  /^kubernetes_ingress(_v\d+)?$|_(forwarding_rule|target_(http|https|tcp|ssl|grpc)_proxy|url_map|managed_ssl_certificate|backend_service|lb|alb|elb|certificate_manager_certificate|certificate_manager_certificate_map|lb_listener|api_gateway_rest_api|apigatewayv2_api|frontdoor|application_gateway|cloud_run_(v2_)?service|cloudfunctions2?_function|network_endpoint_group|target_pool|ssl_certificate|backend_bucket|certificate_map_entry|network_services_(gateway|mesh|edge_cache_service|(http|grpc|tcp|tls)_route))$/;

const ENTRY_KINDS =
  /^(Ingress|Gateway|HTTPRoute|GRPCRoute|TLSRoute|TCPRoute|UDPRoute|MultiClusterIngress|ServiceExport)$/;

function isLoadBalancer(change: ResourceChange): boolean {
  return /^kubernetes_service(_v\d+)?$/.test(change.type) && before(change, "spec.type") === "LoadBalancer";
}

/** Kubernetes objects in manifests and releases that took traffic and are there no more. */
function lostEntries(change: ResourceChange): readonly string[] {
  const entriesOf = (side: ResourceChange["before"]) =>
    [...objectsOf(change.type, side)]
      .filter(
        ({ kind, value }) =>
          ENTRY_KINDS.test(kind) || (kind === "Service" && getPath(value, "spec.type") === "LoadBalancer"),
      )
      .map(({ kind, name }) => `${kind} ${name}`);
  const old = change.before === null ? [] : entriesOf(change.before);
  if (old.length === 0) return [];
  const kept = new Set(destroys(change) ? [] : entriesOf(change.after));
  return old.filter((name) => !kept.has(name));
}

function verbOf(change: ResourceChange): string {
  const verb = change.action === "delete" ? "deleted" : "replaced";
  return outcomeOf(change) === "taken" ? `${verb} create-first, and its name is still taken` : verb;
}

function causesOf(change: ResourceChange): string {
  const paths = change.replacePaths.map((steps) => steps.filter((step) => typeof step === "string").join("."));
  return paths.length > 0 ? ` because of ${paths.join(", ")}` : "";
}

function wayLost(change: ResourceChange, scene: Scene) {
  const { type } = change;
  if (type === "google_compute_subnetwork") {
    const name = "private_ip_google_access";
    return before(change, name) === true &&
      change.after &&
      after(change, name) !== true &&
      !(after(change, name) instanceof Opaque)
      ? transition(name, true, after(change, name))
      : undefined;
  }
  if (type === "google_compute_network") {
    const name = "delete_default_routes_on_create";
    return destroys(change) && change.after && after(change, name) === true && before(change, name) !== true
      ? transition(name, before(change, name), true)
      : undefined;
  }
  // With its NAT, which has its own line.
  if (type === "google_compute_router")
    return change.action === "delete" && !scene.neighbours(change, "google_compute_router_nat").some(destroys)
      ? `${change.address} is deleted, with every NAT and BGP session on it`
      : undefined;
  // What takes its place gives other addresses, which is a rule of its own.
  if (type === "google_compute_router_nat" && change.action === "replace") return undefined;
  if (destroys(change)) {
    const range = before(change, "dest_range") ?? before(change, "destination_cidr_block");
    const whole = range === "0.0.0.0/0" || range === "::/0";
    const detail = `${change.address}${typeof range === "string" ? ` to ${range}` : ""} is ${verbOf(change)}`;
    return whole || type === "google_compute_router_nat" ? { detail, severity: "critical" as const } : detail;
  }
  if (type === "google_compute_router_nat") {
    const less = natLess(change);
    if (less) return less;
  }
  const lost = type === "google_compute_router_nat" ? lostItems(change, "subnetwork") : [];
  return lost.length > 0 ? `${change.address} no longer serves ${lost.join(", ")}` : undefined;
}

/** Rules that let in or keep out, and whole policies of them. */
const FIREWALLS =
  /^(google_compute_firewall|google_compute_(region_)?(network_)?firewall_policy(_rule|_association|_with_rules)?|google_compute_(region_)?security_policy(_rule)?|aws_security_group(_rule)?|aws_vpc_security_group_\w+_rule|aws_wafv2_web_acl(_association)?|azurerm_network_security_(group|rule))$/;

function firewallNarrowed(change: ResourceChange, scene: Scene) {
  if (change.type === "google_container_node_pool") return untagged(change, scene);
  if (!FIREWALLS.test(change.type)) return undefined;
  const denies =
    asBlocks(before(change, "deny")).length > 0 ||
    /deny/i.test(String(before(change, "action") ?? before(change, "access") ?? "")) ||
    /_security_policy(_rule)?$|_firewall_policy(_association|_with_rules)?$/.test(change.type);
  if (destroys(change)) {
    if (denies)
      return {
        detail: `${change.address}, which denies, is ${verbOf(change)}`,
        consequence: "What it denied is let in, unless another rule denies it.",
        severity: "high" as const,
      };
    return `${change.address} is ${verbOf(change)}${healthChecks(before(change, "source_ranges"))}`;
  }
  if (!change.before || !change.after) return undefined;
  if (after(change, "disabled") === true && before(change, "disabled") !== true)
    return `${change.address} is switched off`;
  const lists = [
    "source_ranges",
    "destination_ranges",
    "source_tags",
    "target_tags",
    "target_service_accounts",
    "source_service_accounts",
  ].map((name) => [name, lostItems(change, name).filter((item) => !isEmptied(item, change, scene))] as const);
  const lost = [["allow", portsLost(change)] as const, ...lists]
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => `${name} without ${items.join(", ")}`);
  if (lost.length === 0 || denies) return undefined;
  return `${change.address}: ${lost.join("; ")}${healthChecks(before(change, "source_ranges"), after(change, "source_ranges"))}`;
}

/** Elements of a list that are there no more. One that is not known yet says nothing. */
function lostItems(change: ResourceChange, path: string): readonly string[] {
  const [old, current] = [before(change, path), after(change, path)];
  if (current instanceof Opaque) return [];
  const list = (value: Value | undefined): readonly Value[] =>
    isArray(value) ? value : value === undefined || value === null ? [] : [value];
  // A list that nobody writes any more is empty, which for a source means everybody.
  if (list(current).length === 0 && path !== "subnetwork") return [];
  if (list(current).some((item) => item instanceof Opaque)) return [];
  return list(old)
    .filter((item) => !list(current).some((other) => isEqual(item, other) || covers(other, item)))
    .map((item) => show(item));
}

/** A range of a subnet that is none any more: nobody is left there to be let in. */
function isEmptied(range: string, change: ResourceChange, scene: Scene): boolean {
  const rangesOf = (side: ResourceChange["before"]) => [
    side?.["ip_cidr_range"],
    ...asBlocks(side?.["secondary_ip_range"]).map((block) => block["ip_cidr_range"]),
  ];
  const subnets = scene.neighbours(change, "google_compute_subnetwork");
  const was = subnets.some((subnet) => rangesOf(subnet.before).includes(range));
  return was && !subnets.some((subnet) => rangesOf(subnet.after).includes(range));
}

/** A range around another one lets in whatever that did. */
function covers(outer: Value, inner: Value): boolean {
  const [a, b] = [outer, inner].map((value) =>
    typeof value === "string" && value.includes("/") ? parseCidr(value) : "",
  );
  return typeof a === "object" && typeof b === "object" && contains(a, b);
}

function healthChecks(old: Value | undefined, current?: Value): string {
  const kept = isArray(current) ? current : [];
  const lost = isArray(old) ? HEALTH_CHECKS.filter((range) => old.includes(range) && !kept.includes(range)) : [];
  return lost.length > 0 ? ` (health checks of load balancers come from ${lost.join(" and ")})` : "";
}

/** Of Cilium, what decides which packets leave with the node's address. */
const MASQUERADE = [
  "enableIPv4Masquerade",
  "enableIPv6Masquerade",
  "ipMasqAgent.enabled",
  "ipMasqAgent.config",
  "egressMasqueradeInterfaces",
];

/** GKE's own masquerading, or Cilium's where it stays what it is: the only CNI, or one that is chained. */
function masqueradeChanged(change: ResourceChange, scene: Scene): Verdict {
  if (change.action !== "update") return undefined;
  if (change.type === "google_container_cluster") {
    const path = "default_snat_status.disabled";
    return differs(change, path) ? transition(path, before(change, path), after(change, path)) : undefined;
  }
  const release = scene.cilium(change);
  if (!release || changedSettings(release, ["cni.chainingMode"]).length > 0) return undefined;
  const changed = changedSettings(release, MASQUERADE);
  return changed.length > 0 ? changed.join("; ") : undefined;
}
