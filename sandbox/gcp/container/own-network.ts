import type { Cloud } from "../cloud";
import { computeName, selfLink } from "../compute/links";
import { at, type JsonObject, stringOf } from "../json";
import { regionOf } from "../locations";
import { partsOf } from "./names";
import { type ClusterRecord, ClusterStore } from "./records";

/** A firewall rule that GKE makes for a cluster: the end of its name, and what is special about it. */
type OwnRule = readonly [suffix: string, rule: JsonObject];

const MACHINES = [
  { IPProtocol: "icmp" },
  { IPProtocol: "tcp", ports: ["1-65535"] },
  { IPProtocol: "udp", ports: ["1-65535"] },
];
const EVERYTHING = ["tcp", "udp", "icmp", "esp", "ah", "sctp"].map((IPProtocol) => ({ IPProtocol }));
const READ_ONLY_KUBELET = [{ IPProtocol: "tcp", ports: ["10255"] }];

/** Source: https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules#cluster-fws */
function ownRules(pods: string, nodes: string, tag: string): OwnRule[] {
  return [
    ["all", { allowed: EVERYTHING, sourceRanges: [pods] }],
    ["exkubelet", { denied: READ_ONLY_KUBELET, sourceRanges: ["0.0.0.0/0"] }],
    ["inkubelet", { allowed: READ_ONLY_KUBELET, sourceRanges: [pods], sourceTags: [tag], priority: 999 }],
    ["vms", { allowed: MACHINES, sourceRanges: [nodes] }],
  ];
}

/** What GKE makes in the network of a cluster by itself, and takes away with the cluster. */
export class OwnNetwork {
  private readonly records: ClusterStore;

  public constructor(private readonly cloud: Cloud) {
    this.records = new ClusterStore(cloud);
  }

  /** Makes it: firewall rules, the subnetwork of the control plane, and access to Google's services for the nodes. */
  public make(name: string): void {
    const record = this.records.cluster(name)!;
    const { store } = this.cloud;
    const subnetworkName = computeName(stringOf(at(record.api, "networkConfig.subnetwork")) ?? "");
    const subnetwork = store.get(subnetworkName);
    if (!subnetwork) return;
    if (subnetwork["privateIpGoogleAccess"] !== true) {
      const fingerprint = this.cloud.identity.fingerprint();
      store.put(subnetworkName, { ...subnetwork, privateIpGoogleAccess: true, fingerprint });
    }
    for (const [tail, rule] of this.rules(name, record, subnetwork)) store.put(computeName(tail), rule);
    this.makeControlPlaneSubnetwork(name, record, subnetwork);
  }

  /** Takes it away. What GKE changed in the subnetwork stays changed. */
  public remove(name: string, record: ClusterRecord): void {
    const subnetwork = this.cloud.store.get(computeName(stringOf(at(record.api, "networkConfig.subnetwork")) ?? ""));
    if (!subnetwork) return;
    for (const [tail] of this.rules(name, record, subnetwork)) this.cloud.store.delete(computeName(tail));
    this.cloud.store.delete(computeName(this.controlPlaneSubnetwork(name, record)));
  }

  private rules(name: string, record: ClusterRecord, subnetwork: JsonObject): [tail: string, rule: JsonObject][] {
    const { cluster } = partsOf(name);
    const { project } = networkOf(record);
    const tag = `gke-${cluster}-${record.hash}-node`;
    const pods = stringOf(record.api["clusterIpv4Cidr"]) ?? "";
    return ownRules(pods, stringOf(subnetwork["ipCidrRange"]) ?? "", tag).map(([suffix, rule]) => {
      const tail = `projects/${project}/global/firewalls/gke-${cluster}-${record.hash}-${suffix}`;
      return [
        tail,
        {
          kind: "compute#firewall",
          id: this.cloud.identity.id(),
          creationTimestamp: new Date().toISOString(),
          name: tail.slice(tail.lastIndexOf("/") + 1),
          description: "",
          direction: "INGRESS",
          disabled: false,
          logConfig: { enable: false },
          network: subnetwork["network"],
          priority: 1000,
          targetTags: [tag],
          ...rule,
          selfLink: selfLink(tail),
        },
      ];
    });
  }

  /** The range that a request reserves for the control plane becomes a subnetwork of the network. */
  private makeControlPlaneSubnetwork(name: string, record: ClusterRecord, subnetwork: JsonObject): void {
    const range = stringOf(at(record.api, "privateClusterConfig.masterIpv4CidrBlock"));
    if (!range) return;
    const tail = this.controlPlaneSubnetwork(name, record);
    this.cloud.store.put(computeName(tail), {
      kind: "compute#subnetwork",
      id: this.cloud.identity.id(),
      creationTimestamp: new Date().toISOString(),
      name: tail.slice(tail.lastIndexOf("/") + 1),
      description: "auto-created subnetwork for the control plane of a cluster",
      fingerprint: this.cloud.identity.fingerprint(),
      ipCidrRange: range,
      logConfig: { enable: false },
      network: subnetwork["network"],
      privateIpGoogleAccess: true,
      privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
      purpose: "PRIVATE",
      region: subnetwork["region"],
      stackType: "IPV4_ONLY",
      state: "READY",
      selfLink: selfLink(tail),
    });
    this.records.change<ClusterRecord>(name, ({ api }) => {
      const ip = at(api, "controlPlaneEndpointsConfig.ipEndpointsConfig");
      if (ip) (ip as JsonObject)["privateEndpointSubnetwork"] = tail;
    });
  }

  private controlPlaneSubnetwork(name: string, record: ClusterRecord): string {
    const { location, cluster } = partsOf(name);
    const { project } = networkOf(record);
    return `projects/${project}/regions/${regionOf(location)}/subnetworks/gke-${cluster}-${record.hash}-pe-subnet`;
  }
}

/** The project whose network a cluster is in: with Shared VPC another than its own. */
function networkOf(record: ClusterRecord): { readonly project: string } {
  const network = stringOf(at(record.api, "networkConfig.network")) ?? "";
  return { project: /projects\/([^/]+)\//.exec(network)?.[1] ?? "" };
}
