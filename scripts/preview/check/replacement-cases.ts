export type Template = Record<string, unknown>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

/** One change of the shipped `dev-cluster` that replaces something. */
export interface Replacement {
  readonly what: string;
  readonly change: (resource: Blocks) => void;
  /** The new object needs what the old one still has, its name or a range: nothing goes. */
  readonly stays: boolean;
}

/** Every object of a type. */
function each(
  type: string,
  change: (attributes: Record<string, unknown>, name: string) => void,
): Replacement["change"] {
  return (resource) => {
    for (const [name, attributes] of Object.entries(resource[type] ?? {})) change(attributes, name);
  };
}

export const REPLACEMENTS: readonly Replacement[] = [
  {
    what: "the network is described",
    change: each("google_compute_network", (network) => {
      network["description"] = "Network of dev";
    }),
    stays: true,
  },
  {
    what: "the subnet is described",
    change: each("google_compute_subnetwork", (subnet) => {
      subnet["description"] = "Nodes of dev";
    }),
    stays: true,
  },
  {
    what: "the subnet shrinks",
    change: each("google_compute_subnetwork", (subnet) => {
      subnet["ip_cidr_range"] = "10.0.0.0/23";
    }),
    stays: true,
  },
  {
    what: "the cluster is described",
    change: each("google_container_cluster", (cluster) => {
      cluster["description"] = "Cluster of dev";
    }),
    stays: true,
  },
  {
    what: "the router is described",
    change: each("google_compute_router", (router) => {
      router["encrypted_interconnect_router"] = true;
    }),
    stays: true,
  },
  {
    what: "the pool turns to full-price nodes under another name",
    change: each("google_container_node_pool", (pool) => {
      pool["name"] = "general-aaaaaa";
      pool["node_config"] = { ...(pool["node_config"] as object), spot: false };
    }),
    stays: false,
  },
  {
    what: "the pool turns to spot nodes under the same name",
    change: each("google_container_node_pool", (pool) => {
      pool["node_config"] = { ...(pool["node_config"] as object), spot: true };
    }),
    stays: true,
  },
  {
    what: "the firewall gets another name",
    change: each("google_compute_firewall", (firewall) => {
      firewall["name"] = "dev-hooks";
    }),
    stays: false,
  },
  {
    what: "a permission is another",
    change: each("google_project_iam_member", (member, name) => {
      if (name.includes("artifactregistry")) member["role"] = "roles/artifactregistry.writer";
    }),
    stays: false,
  },
  {
    what: "the address of the NAT is described",
    change: each("google_compute_address", (address) => {
      address["description"] = "What others allow";
    }),
    stays: true,
  },
  {
    what: "the address of the NAT is called otherwise",
    change: each("google_compute_address", (address) => {
      address["name"] = "dev-nat-two";
    }),
    stays: false,
  },
  {
    what: "the zone is another, and the range for Services is not",
    change: (resource) => {
      for (const type of ["google_container_cluster", "google_container_node_pool"])
        for (const attributes of Object.values(resource[type] ?? {})) attributes["location"] = "asia-northeast1-b";
    },
    stays: true,
  },
  {
    what: "the NAT is called otherwise",
    change: each("google_compute_router_nat", (nat) => {
      nat["name"] = "dev-nat-two";
    }),
    stays: true,
  },
];
