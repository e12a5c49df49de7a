import { ContainerCluster, type ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import { DataGoogleContainerCluster } from "@cdktf/provider-google/lib/data-google-container-cluster";
import { type TerraformResourceLifecycle, Token } from "cdktf";
import { Construct } from "constructs";
import { TerraformData } from "../../terraform-data";
import { addWarnings, assertSound, isJudged, isKnown, judged } from "../../validation";
import { Birth } from "../birth";
import { type ClusterDatapath, hasMultiNetworking } from "../cluster-datapath";
import { ACCOUNT_ID, fitName } from "../naming";
import type { ClusterNetwork } from "../network/cluster-network";
import type { NodePoolCluster } from "../node-pool/node-pool-cluster";
import { NodeServiceAccount } from "../service-account/node-service-account";
import { joined } from "../tokens";
import { scalingConfig } from "./auto-provisioning";
import { controlPlaneConfig, type IpEndpoint } from "./control-plane";
import { datapathConfig } from "./datapath";
import { type EffectiveCluster, effectiveCluster } from "./effective";
import { featureConfig } from "./features";
import { maintenanceConfig, type ReleaseChannel } from "./maintenance";
import { observabilityConfig } from "./observability";
import type { GkeClusterProps } from "./options";
import { clusterPropsProblems, gkeClusterWarnings } from "./problems";
import { securityConfig } from "./security";
import { temporaryPoolConfig } from "./temporary-pool";

/**
 * A GKE cluster without nodes: give it some with {@link GkeNodePool}, or make it Autopilot.
 *
 * Private, reached through the DNS-based endpoint, with Workload Identity, shielded nodes, least-privilege node
 * accounts, a maintenance window and deletion protection, unless said otherwise.
 */
export class GkeCluster extends Construct implements NodePoolCluster {
  /** The resource itself, for what the options lack. */
  public readonly cluster: ContainerCluster;
  /** The account of the nodes, unless an existing one was given. */
  public readonly serviceAccount?: NodeServiceAccount;

  public readonly name: string;
  public readonly project: string;
  public readonly location: string;
  public readonly network: ClusterNetwork;
  public readonly datapath: ClusterDatapath;
  public readonly autopilot: boolean;
  public readonly privateNodes: boolean;
  public readonly dnsEndpoint: boolean;
  public readonly ipEndpoint: IpEndpoint;
  public readonly releaseChannel: ReleaseChannel;
  public readonly nodeLocations?: readonly string[];
  public readonly maxPodsPerNode: number;
  public readonly deletionProtection: boolean;
  public readonly bootDiskKmsKey?: string;
  /** Workload Identity pool: `<project>.svc.id.goog`. */
  public readonly workloadPool: string;
  public readonly clusterName: string;
  /** Whether pods can have several networks. */
  public readonly multiNetworking: boolean;
  /** Everything about it, defaults filled in. */
  public readonly effective: EffectiveCluster;
  /** Remembers in the state which datapath the cluster was made with, as that cannot be changed. */
  private readonly datapathAtBirth: TerraformData;
  /** The same of everything else that cannot. */
  private readonly birth: Birth;
  public readonly nodeServiceAccount: string;
  public readonly nodeTags: readonly string[];
  public readonly zoneCount: number;
  public readonly podRangeNames: readonly string[];

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: GkeClusterProps) {
    super(scope, id);
    assertSound(this.node.path, props, () => clusterPropsProblems(props));
    if (!isJudged(props)) addWarnings(this, this.node.path, gkeClusterWarnings(props, props.datapath));

    const effective = effectiveCluster(props, props.datapath);
    this.effective = effective;
    this.name = props.name;
    this.project = props.project;
    this.location = props.location;
    this.network = props.network;
    this.datapath = props.datapath;
    this.autopilot = effective.autopilot;
    this.privateNodes = effective.privateNodes;
    this.dnsEndpoint = effective.dnsEndpoint;
    this.ipEndpoint = effective.ipEndpoint;
    this.releaseChannel = effective.releaseChannel;
    this.nodeLocations = props.nodeLocations;
    this.maxPodsPerNode = effective.maxPodsPerNode;
    this.deletionProtection = effective.deletionProtection;
    this.bootDiskKmsKey = props.bootDiskKmsKey;
    this.workloadPool = `${props.project}.svc.id.goog`;
    this.nodeTags = joined([props.network.nodeTag], props.nodeTags);
    this.podRangeNames = [props.network.podsRangeName, ...Object.keys(props.network.extraPodRanges)];
    this.zoneCount = effective.zoneCount;
    this.multiNetworking = hasMultiNetworking(props.datapath);

    if (props.nodeServiceAccount === undefined) {
      this.serviceAccount = new NodeServiceAccount(
        this,
        "node-service-account",
        // The cluster's own rules have told what is wrong with the two lists.
        judged({
          project: props.project,
          accountId: fitName(props.name, "-nodes", ACCOUNT_ID.max),
          displayName: `GKE nodes of ${props.name}`,
          imageProjects: props.imageProjects,
          extraNodeRoles: props.extraNodeRoles,
        }),
      );
    }
    this.nodeServiceAccount = props.nodeServiceAccount ?? (this.serviceAccount as NodeServiceAccount).email;

    this.datapathAtBirth = new TerraformData(this, "datapath", {
      input: { provider: this.datapath.provider },
      lifecycle: { ignoreChanges: ["input"] },
    });
    this.birth = new Birth(this, "birth", { subject: `Cluster ${props.name}`, facts: this.unchangeable() });
    if (effective.datapathMigratedFrom !== undefined) this.assertMigrated();
    this.cluster = new ContainerCluster(this, "Default", this.config(props));
    this.clusterName = this.cluster.name;
  }

  private config(props: GkeClusterProps): ContainerClusterConfig {
    const { datapath, effective, network } = this;
    const nodes = {
      serviceAccount: this.nodeServiceAccount,
      bootDiskKmsKey: this.bootDiskKmsKey,
      nodeTags: this.nodeTags,
    };
    return {
      name: this.name,
      project: this.project,
      location: this.location,
      nodeLocations: this.nodeLocations && [...this.nodeLocations],
      network: network.network,
      subnetwork: network.subnetwork,
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: network.podsRangeName,
        servicesSecondaryRangeName: network.servicesRangeName,
        stackType: "IPV4",
        additionalPodRangesConfig:
          Object.keys(network.extraPodRanges).length > 0
            ? { podRangeNames: Object.keys(network.extraPodRanges) }
            : undefined,
      },
      ...datapathConfig(datapath, effective),
      ...controlPlaneConfig(effective, network),
      ...securityConfig(effective, { project: this.project }),
      ...maintenanceConfig(effective),
      ...observabilityConfig(effective, datapath),
      ...featureConfig(effective, datapath),
      ...scalingConfig(effective, nodes),
      ...(effective.temporaryPool === undefined
        ? { enableAutopilot: true }
        : {
            ...temporaryPoolConfig(effective.temporaryPool, nodes),
            defaultMaxPodsPerNode: this.maxPodsPerNode,
          }),
      resourceLabels: props.labels,
      deletionProtection: this.deletionProtection,
      // Nodes of every pool come after the cluster: by then they can pull images and write logs.
      dependsOn: [...network.egress, ...(this.serviceAccount?.ready ?? [])],
      lifecycle: this.lifecycle(props),
    };
  }

  /** Asks the cluster whether Google has changed its datapath: if not, the plan would replace it. */
  private assertMigrated(): void {
    new DataGoogleContainerCluster(this, "migrated", {
      name: this.name,
      project: this.project,
      location: this.location,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.datapath_provider == "${this.datapath.provider}"}`,
            errorMessage: `Cluster ${this.name} runs \${self.datapath_provider}: Google has not changed it to ${this.datapath.provider} yet. Wait until it has, or take datapathMigratedFrom out again: docs/mode-switch.md has the steps.`,
          },
        ],
      },
    });
  }

  /** What Google Cloud only gives a new cluster, by the names of the options. */
  private unchangeable(): Record<string, string> {
    const { network, effective } = this;
    return {
      location: this.location,
      autopilot: String(this.autopilot),
      privateNodes: text(this.privateNodes),
      maxPodsPerNode: text(this.maxPodsPerNode),
      confidentialNodes: effective.confidentialNodes ?? "none",
      controlPlane: network.controlPlane ?? "none",
      controlPlaneSubnetwork: network.controlPlaneSubnetwork ?? "none",
      network: isKnown(network.network) ? network.network : "one of its own",
      subnetwork: isKnown(network.subnetwork) ? network.subnetwork : "one of its own",
      podsRangeName: network.podsRangeName,
      servicesRangeName: network.servicesRangeName ?? "none",
    };
  }

  private lifecycle(props: GkeClusterProps): TerraformResourceLifecycle {
    const ignoreChanges = [];
    if (!this.autopilot) {
      // They describe the pool that was removed. Read back they are other pools', and each would replace the cluster.
      ignoreChanges.push("node_config", "node_pool", "initial_node_count");
    }
    const lifecycle: TerraformResourceLifecycle = {
      // Refuses in the plan. The API's own protection would speak up only after the pools and the firewall rules are gone.
      preventDestroy: this.deletionProtection ? true : undefined,
      precondition: [this.datapathStays(), this.birth.unchanged()],
    };
    if (props.secretsEncryptionKey === undefined)
      return ignoreChanges.length > 0 ? { ...lifecycle, ignoreChanges } : lifecycle;
    // GKE 1.35 and later answers ALL_OBJECTS_ENCRYPTION_ENABLED, which this provider version neither takes nor
    // understands: https://github.com/hashicorp/terraform-provider-google/issues/26882.
    ignoreChanges.push("database_encryption[0].state");
    return {
      ...lifecycle,
      ignoreChanges,
      // What is ignored cannot be switched on either, so a cluster that lives without encryption must not pass in silence.
      postcondition: [
        {
          condition: '${self.database_encryption[0].state != "DECRYPTED"}',
          errorMessage: `Secrets of cluster ${this.name} are not encrypted yet. Switch it on once with: gcloud container clusters update ${this.name} --project ${this.project} --location ${this.location} --database-encryption-key ${props.secretsEncryptionKey}`,
        },
      ],
    };
  }

  /**
   * Another datapath would need another cluster under the same name, made before this one goes, as its pools are made
   * before those they replace: GKE answers 409, after everything else of the plan was done.
   */
  private datapathStays() {
    const atBirth = `${this.datapathAtBirth.fqn}.output.provider`;
    const { provider } = this.datapath;
    const allowed = [
      provider,
      ...(this.effective.datapathMigratedFrom === undefined ? [] : [this.effective.datapathMigratedFrom]),
    ];
    return {
      condition:
        allowed.length === 1
          ? `\${${atBirth} == "${provider}"}`
          : `\${contains(${JSON.stringify(allowed)}, ${atBirth})}`,
      errorMessage: `Cluster ${this.name} runs \${${atBirth}} and cannot be changed to ${provider}, which only a new cluster can have. Keep the dataplane, make an environment under another name beside this one and move over, or destroy this one first: docs/mode-switch.md has the steps.`,
    };
  }
}

/** As Terraform keeps it; what only Terraform knows stays a token. */
function text(value: boolean | number): string {
  return isKnown(value) ? String(value) : Token.asString(value);
}
