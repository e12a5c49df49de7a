import { all, anew, append, type Change, each, type Replacement, set, witness } from "./replacement";

const NAT = "google_compute_router_nat";

/** Changes of a cluster stack. */
export const CLUSTER_REPLACEMENTS: readonly Replacement[] = [
  {
    what: "the network is described",
    change: set("google_compute_network", { description: "Network of dev" }),
    stays: true,
  },
  {
    what: "the subnet is described",
    change: set("google_compute_subnetwork", { description: "Nodes of dev" }),
    stays: true,
  },
  {
    what: "the subnet shrinks",
    change: set("google_compute_subnetwork", { ip_cidr_range: "10.0.0.0/23" }),
    stays: true,
  },
  {
    what: "the cluster is described",
    change: set("google_container_cluster", { description: "Cluster of dev" }),
    stays: true,
  },
  {
    what: "the router is described",
    change: set("google_compute_router", { encrypted_interconnect_router: true }),
    stays: true,
  },
  {
    what: "the pool turns to full-price nodes under another name",
    change: set("google_container_node_pool", { name: "general-aaaaaa", "node_config.spot": false }),
    stays: false,
  },
  {
    what: "the pool turns to spot nodes under the same name",
    change: set("google_container_node_pool", { "node_config.spot": true }),
    stays: true,
  },
  {
    what: "the account of the nodes is another, and so is the pool's name",
    change: all(
      set("google_service_account", { account_id: "dev-nodes-two" }),
      set("google_container_node_pool", { name: "general-bbbbbb" }),
    ),
    stays: false,
  },
  {
    what: "the firewall gets another name",
    change: set("google_compute_firewall", { name: "dev-hooks" }),
    stays: false,
  },
  {
    what: "a permission is another",
    change: set("google_project_iam_member", { role: "roles/artifactregistry.writer" }, /artifactregistry/),
    stays: false,
  },
  {
    what: "a permission, made first, is made anew, and goes with the old one",
    setUp: witness,
    change: anew(/^google_project_iam_member$/, {}, /artifactregistry/),
    stays: true,
    ends: "lost",
  },
  {
    what: "what is remembered of the network is remembered anew",
    change: set("terraform_data", { triggers_replace: "again" }, /^network_birth/),
    stays: false,
  },
  {
    what: "the address of the NAT is described",
    change: set("google_compute_address", { description: "What others allow" }),
    stays: true,
  },
  {
    what: "the address of the NAT is called otherwise",
    change: set("google_compute_address", { name: "dev-nat-two" }),
    stays: false,
  },
  {
    what: "the zone is another, and the range for Services is not",
    change: all(
      set("google_container_cluster", { location: "asia-northeast1-b" }),
      set("google_container_node_pool", { location: "asia-northeast1-b" }),
    ),
    stays: true,
  },
  {
    what: "the NAT is called otherwise",
    change: append(NAT, "name", "-two"),
    stays: true,
  },
  {
    what: "the NAT is called otherwise and serves a further subnet, a new one",
    change: all(append(NAT, "name", "-two"), furtherSubnet("dev-more", "10.0.16.0/24")),
    stays: true,
  },
  {
    what: "a second NAT serves the nodes as well",
    change: secondNat({}),
    stays: true,
  },
  {
    what: "a second NAT serves all subnets",
    change: secondNat({ source_subnetwork_ip_ranges_to_nat: "ALL_SUBNETWORKS_ALL_IP_RANGES", subnetwork: undefined }),
    stays: true,
  },
  {
    what: "a NAT goes late and another comes",
    setUp: (resource) => {
      // What depends on it is destroyed before, and takes a while.
      const provisioner = [{ "local-exec": { when: "destroy", command: "sleep 5" } }];
      const depends_on = Object.keys(resource[NAT] ?? {}).map((name) => `${NAT}.${name}`);
      resource["terraform_data"] = { ...resource["terraform_data"], late: { provisioner, depends_on } };
    },
    change: all(set("terraform_data", { depends_on: [], triggers_replace: "again" }, /^late$/), moveNat("moved")),
    stays: true,
    ends: "half way",
  },
  {
    what: "a NAT goes and another comes late",
    setUp: (resource) => {
      delete resource["terraform_data"]?.["late"];
    },
    change: all(moveNat("moved"), (resource) => {
      const provisioner = [{ "local-exec": { command: "sleep 5" } }];
      resource["terraform_data"] = { ...resource["terraform_data"], late: { provisioner } };
      Object.assign(resource[NAT]!["moved"]!, { depends_on: ["terraform_data.late"] });
    }),
    stays: true,
    ends: "done",
  },
  {
    what: "a further subnet is another one, and the NAT that is to serve it is refused",
    setUp: furtherSubnet("dev-more", "10.0.16.0/24"),
    change: all(
      append(NAT, "name", "-two"),
      set("google_compute_subnetwork", { name: "dev-more-two", ip_cidr_range: "10.0.17.0/24" }, /^more$/),
    ),
    stays: true,
    ends: "left over",
    mend: set("google_compute_subnetwork", { name: "dev-more-two", ip_cidr_range: "10.0.17.0/24" }, /^more$/),
  },
];

/** A NAT beside the one that is there. */
function secondNat(more: Readonly<Record<string, unknown>>): Change {
  return (resource) => {
    const [nat] = Object.values(resource[NAT] ?? {});
    const second = { ...nat, name: "dev-second", nat_ip_allocate_option: "AUTO_ONLY", nat_ips: undefined, ...more };
    resource[NAT] = { ...resource[NAT], second };
  };
}

/** The NAT under another name and another address in the configuration: one goes, and one comes. */
function moveNat(to: string): Change {
  return (resource) => {
    const [[from, nat] = ["", {}]] = Object.entries(resource[NAT] ?? {});
    resource[NAT] = { [to]: { ...nat, name: `dev-${to}` } };
    each("google_container_cluster", (cluster) => {
      const needs = cluster["depends_on"] as readonly string[];
      cluster["depends_on"] = needs.map((address) => (address === `${NAT}.${from}` ? `${NAT}.${to}` : address));
    })(resource);
  };
}

/** A subnet beside the one of the nodes, which the NAT serves too. */
function furtherSubnet(name: string, range: string): Change {
  return (resource) => {
    const subnets = resource["google_compute_subnetwork"] ?? {};
    const [{ network, project, region } = {}] = Object.values(subnets);
    subnets["more"] = { name, ip_cidr_range: range, network, project, region };
    each(NAT, (nat) => {
      const served = { name: "${google_compute_subnetwork.more.id}", source_ip_ranges_to_nat: ["ALL_IP_RANGES"] };
      nat["subnetwork"] = [...(nat["subnetwork"] as readonly object[]), served];
    })(resource);
  };
}
