import { ContainerCluster, type ContainerClusterConfig } from "@cdktf/provider-google/lib/container-cluster";
import type { TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { TerraformData } from "../../terraform-data";
import { assertNoProblems } from "../../validation";
import type { ClusterDatapath } from "../cluster-datapath";
import { isZone, zoneCount } from "../location";
import { ACCOUNT_ID, fitName } from "../naming";
import type { ClusterNetwork } from "../network/cluster-network";
import type { NodePoolCluster } from "../node-pool/node-pool-cluster";
import { NodeServiceAccount } from "../service-account/node-service-account";
import { CLOUD_PLATFORM_SCOPE, scalingConfig } from "./auto-provisioning";
import { controlPlaneConfig, DEFAULT_IP_ENDPOINT, type IpEndpoint } from "./control-plane";
import { datapathConfig } from "./datapath";
import { featureConfig } from "./features";
import { DEFAULT_RELEASE_CHANNEL, maintenanceConfig, type ReleaseChannel } from "./maintenance";
import { observabilityConfig } from "./observability";
import { DEFAULT_MAX_PODS_PER_NODE, type GkeClusterProps } from "./options";
import { gkeClusterProblems } from "./problems";
import { type ConfidentialNodes, securityConfig } from "./security";

const INITIAL_NODES_ZONAL = 3;
const INITIAL_NODES_A_ZONE = 1;

/** Machines of the removed pool that can do what the cluster asks of all its nodes. */
const CONFIDENTIAL_MACHINE: Readonly<Record<ConfidentialNodes, string>> = {
  SEV: "n2d-standard-2",
  SEV_SNP: "n2d-standard-2",
  TDX: "c3-standard-4",
};

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
  /** Remembers in the state which datapath the cluster was made with, as that cannot be changed. */
  private readonly datapathAtBirth: TerraformData;
  public readonly nodeServiceAccount: string;
  public readonly nodeTags: readonly string[];
  public readonly zoneCount: number;
  public readonly podRangeNames: readonly string[];

  /** @throws ConfigurationError with every problem of the props. */
  public constructor(scope: Construct, id: string, props: GkeClusterProps) {
    super(scope, id);
    assertNoProblems(this.node.path, gkeClusterProblems(props, props.datapath));

    this.name = props.name;
    this.project = props.project;
    this.location = props.location;
    this.network = props.network;
    this.datapath = props.datapath;
    this.autopilot = props.autopilot ?? false;
    this.privateNodes = props.privateNodes ?? true;
    this.dnsEndpoint = props.dnsEndpoint ?? true;
    this.ipEndpoint = props.ipEndpoint ?? DEFAULT_IP_ENDPOINT;
    this.releaseChannel = props.releaseChannel ?? DEFAULT_RELEASE_CHANNEL;
    this.nodeLocations = props.nodeLocations;
    this.maxPodsPerNode = props.maxPodsPerNode ?? DEFAULT_MAX_PODS_PER_NODE;
    this.deletionProtection = props.deletionProtection ?? true;
    this.bootDiskKmsKey = props.bootDiskKmsKey;
    this.workloadPool = `${props.project}.svc.id.goog`;
    this.nodeTags = [props.network.nodeTag, ...(props.nodeTags ?? [])];
    this.podRangeNames = [props.network.podsRangeName, ...Object.keys(props.network.extraPodRanges)];
    this.zoneCount = zoneCount(props.location, props.nodeLocations);

    if (props.nodeServiceAccount === undefined) {
      this.serviceAccount = new NodeServiceAccount(this, "node-service-account", {
        project: props.project,
        accountId: fitName(props.name, "-nodes", ACCOUNT_ID.max),
        displayName: `GKE nodes of ${props.name}`,
        imageProjects: props.imageProjects,
        extraNodeRoles: props.extraNodeRoles,
      });
    }
    this.nodeServiceAccount = props.nodeServiceAccount ?? (this.serviceAccount as NodeServiceAccount).email;

    this.datapathAtBirth = new TerraformData(this, "datapath", {
      input: { provider: this.datapath.provider },
      lifecycle: { ignoreChanges: ["input"] },
    });
    this.cluster = new ContainerCluster(this, "Default", this.config(props));
    this.clusterName = this.cluster.name;
  }

  private config(props: GkeClusterProps): ContainerClusterConfig {
    const { autopilot, datapath, network } = this;
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
      ...datapathConfig(datapath, autopilot),
      ...controlPlaneConfig(props, network),
      ...securityConfig(props, { project: this.project, autopilot }),
      ...maintenanceConfig(props),
      ...observabilityConfig(props, datapath, autopilot),
      ...featureConfig(props, datapath, autopilot),
      ...scalingConfig(props, {
        serviceAccount: this.nodeServiceAccount,
        bootDiskKmsKey: this.bootDiskKmsKey,
        nodeTags: this.nodeTags,
        autopilot,
      }),
      ...(autopilot ? { enableAutopilot: true } : this.temporaryPool(props)),
      resourceLabels: props.labels && { ...props.labels },
      deletionProtection: this.deletionProtection,
      // Nodes of every pool come after the cluster: by then they can pull images and write logs.
      dependsOn: [...network.egress, ...(this.serviceAccount?.ready ?? [])],
      lifecycle: this.lifecycle(props),
    };
  }

  /**
   * GKE makes no cluster without a pool. This one lives until the cluster stands, but its nodes are made under the same
   * organization policies as all others, which often forbid the default account, plain boot or Google's keys.
   */
  private temporaryPool(props: GkeClusterProps): Partial<ContainerClusterConfig> {
    return {
      removeDefaultNodePool: true,
      initialNodeCount: props.initialNodeCount ?? (isZone(this.location) ? INITIAL_NODES_ZONAL : INITIAL_NODES_A_ZONE),
      defaultMaxPodsPerNode: this.maxPodsPerNode,
      nodeConfig: {
        machineType: props.confidentialNodes && CONFIDENTIAL_MACHINE[props.confidentialNodes],
        imageType: "COS_CONTAINERD",
        serviceAccount: this.nodeServiceAccount,
        oauthScopes: [CLOUD_PLATFORM_SCOPE],
        tags: [...this.nodeTags],
        bootDiskKmsKey: this.bootDiskKmsKey,
        metadata: { "disable-legacy-endpoints": "true" },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
      },
    };
  }

  private lifecycle(props: GkeClusterProps): TerraformResourceLifecycle {
    const ignoreChanges = [];
    if (!this.autopilot) {
      // Both describe the pool that was removed. Read back they are another pool's, and both would replace the cluster.
      ignoreChanges.push("node_config", "initial_node_count");
    }
    const lifecycle: TerraformResourceLifecycle = {
      // Refuses in the plan. The API's own protection would speak up only after the pools and the firewall rules are gone.
      preventDestroy: this.deletionProtection ? true : undefined,
      precondition: [this.datapathStays()],
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
    return {
      condition: `\${${atBirth} == "${provider}"}`,
      errorMessage: `Cluster ${this.name} runs \${${atBirth}} and cannot be changed to ${provider}, which only a new cluster can have. Keep the dataplane, make an environment under another name beside this one and move over, or destroy this one first: docs/mode-switch.md has the steps.`,
    };
  }
}
