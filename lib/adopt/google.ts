/** A cluster as the Container API answers it (container/v1 `Cluster`), as far as it is read here. */
export interface LiveCluster {
  readonly name: string;
  readonly location: string;
  readonly locations?: readonly string[];
  readonly network?: string;
  readonly subnetwork?: string;
  readonly clusterIpv4Cidr?: string;
  readonly servicesIpv4Cidr?: string;
  readonly endpoint?: string;
  readonly masterAuth?: { readonly clusterCaCertificate?: string };
  readonly autopilot?: { readonly enabled?: boolean };
  readonly releaseChannel?: { readonly channel?: string };
  readonly resourceLabels?: Readonly<Record<string, string>>;
  readonly ipAllocationPolicy?: {
    readonly useIpAliases?: boolean;
    readonly stackType?: string;
    readonly clusterIpv4CidrBlock?: string;
    readonly servicesIpv4CidrBlock?: string;
    readonly clusterSecondaryRangeName?: string;
    readonly servicesSecondaryRangeName?: string;
    readonly additionalPodRangesConfig?: { readonly podRangeNames?: readonly string[] };
  };
  readonly networkConfig?: {
    readonly network?: string;
    readonly subnetwork?: string;
    readonly datapathProvider?: string;
    readonly enableIntraNodeVisibility?: boolean;
    readonly enableL4ilbSubsetting?: boolean;
    readonly defaultEnablePrivateNodes?: boolean;
    readonly gatewayApiConfig?: { readonly channel?: string };
    readonly enableFqdnNetworkPolicy?: boolean;
    readonly enableCiliumClusterwideNetworkPolicy?: boolean;
    readonly enableMultiNetworking?: boolean;
    readonly inTransitEncryptionConfig?: string;
    readonly dnsConfig?: {
      readonly clusterDns?: string;
      readonly clusterDnsScope?: string;
      readonly clusterDnsDomain?: string;
      readonly additiveVpcScopeDnsDomain?: string;
    };
  };
  readonly networkPolicy?: { readonly enabled?: boolean };
  readonly privateClusterConfig?: {
    readonly enablePrivateNodes?: boolean;
    readonly enablePrivateEndpoint?: boolean;
    readonly masterIpv4CidrBlock?: string;
    readonly privateEndpoint?: string;
    readonly publicEndpoint?: string;
    readonly privateEndpointSubnetwork?: string;
    readonly masterGlobalAccessConfig?: { readonly enabled?: boolean };
  };
  readonly controlPlaneEndpointsConfig?: {
    readonly dnsEndpointConfig?: { readonly endpoint?: string; readonly allowExternalTraffic?: boolean };
    readonly ipEndpointsConfig?: {
      readonly enabled?: boolean;
      readonly enablePublicEndpoint?: boolean;
      readonly globalAccess?: boolean;
    };
  };
  readonly masterAuthorizedNetworksConfig?: {
    readonly enabled?: boolean;
    readonly cidrBlocks?: readonly { readonly cidrBlock?: string; readonly displayName?: string }[];
    readonly gcpPublicCidrsAccessEnabled?: boolean;
    readonly privateEndpointEnforcementEnabled?: boolean;
  };
  readonly defaultMaxPodsConstraint?: { readonly maxPodsPerNode?: string };
  readonly maintenancePolicy?: {
    readonly window?: {
      readonly recurringWindow?: {
        readonly window?: { readonly startTime?: string; readonly endTime?: string };
        readonly recurrence?: string;
      };
      readonly maintenanceExclusions?: Readonly<
        Record<
          string,
          {
            readonly startTime?: string;
            readonly endTime?: string;
            readonly maintenanceExclusionOptions?: { readonly scope?: string };
          }
        >
      >;
    };
  };
  readonly loggingConfig?: { readonly componentConfig?: { readonly enableComponents?: readonly string[] } };
  readonly monitoringConfig?: {
    readonly componentConfig?: { readonly enableComponents?: readonly string[] };
    readonly managedPrometheusConfig?: { readonly enabled?: boolean };
    readonly advancedDatapathObservabilityConfig?: {
      readonly enableMetrics?: boolean;
      readonly enableRelay?: boolean;
      readonly relayMode?: string;
    };
  };
  readonly costManagementConfig?: { readonly enabled?: boolean };
  readonly notificationConfig?: { readonly pubsub?: { readonly enabled?: boolean; readonly topic?: string } };
  readonly authenticatorGroupsConfig?: { readonly enabled?: boolean; readonly securityGroup?: string };
  readonly binaryAuthorization?: { readonly evaluationMode?: string };
  readonly databaseEncryption?: { readonly state?: string; readonly keyName?: string };
  readonly confidentialNodes?: { readonly enabled?: boolean; readonly confidentialInstanceType?: string };
  readonly securityPostureConfig?: { readonly mode?: string };
  readonly anonymousAuthenticationConfig?: { readonly mode?: string };
  readonly secretManagerConfig?: { readonly enabled?: boolean };
  readonly verticalPodAutoscaling?: { readonly enabled?: boolean };
  readonly fleet?: { readonly project?: string };
  readonly addonsConfig?: {
    readonly httpLoadBalancing?: { readonly disabled?: boolean };
    readonly dnsCacheConfig?: { readonly enabled?: boolean };
    readonly gkeBackupAgentConfig?: { readonly enabled?: boolean };
    readonly configConnectorConfig?: { readonly enabled?: boolean };
    readonly gcePersistentDiskCsiDriverConfig?: { readonly enabled?: boolean };
    readonly gcpFilestoreCsiDriverConfig?: { readonly enabled?: boolean };
    readonly gcsFuseCsiDriverConfig?: { readonly enabled?: boolean };
    readonly parallelstoreCsiDriverConfig?: { readonly enabled?: boolean };
    readonly lustreCsiDriverConfig?: { readonly enabled?: boolean };
  };
  readonly autoscaling?: {
    readonly enableNodeAutoprovisioning?: boolean;
    readonly autoscalingProfile?: string;
    readonly autoprovisioningLocations?: readonly string[];
    readonly autoprovisioningNodePoolDefaults?: { readonly diskType?: string; readonly diskSizeGb?: number };
    readonly resourceLimits?: readonly {
      readonly resourceType?: string;
      readonly minimum?: string;
      readonly maximum?: string;
    }[];
  };
  readonly nodePools?: readonly LivePool[];
}

/** A node pool as the Container API answers it (container/v1 `NodePool`), as far as it is read here. */
export interface LivePool {
  readonly name: string;
  readonly initialNodeCount?: number;
  readonly locations?: readonly string[];
  readonly autoscaling?: {
    readonly enabled?: boolean;
    readonly minNodeCount?: number;
    readonly maxNodeCount?: number;
    readonly totalMinNodeCount?: number;
    readonly totalMaxNodeCount?: number;
    readonly locationPolicy?: string;
  };
  readonly management?: { readonly autoRepair?: boolean; readonly autoUpgrade?: boolean };
  readonly maxPodsConstraint?: { readonly maxPodsPerNode?: string };
  readonly networkConfig?: { readonly podRange?: string };
  readonly upgradeSettings?: {
    readonly maxSurge?: number;
    readonly maxUnavailable?: number;
    readonly strategy?: string;
  };
  readonly config?: {
    readonly machineType?: string;
    readonly diskType?: string;
    readonly diskSizeGb?: number;
    readonly imageType?: string;
    readonly serviceAccount?: string;
    readonly spot?: boolean;
    readonly labels?: Readonly<Record<string, string>>;
    readonly resourceLabels?: Readonly<Record<string, string>>;
    readonly taints?: readonly { readonly key?: string; readonly value?: string; readonly effect?: string }[];
    readonly tags?: readonly string[];
    readonly minCpuPlatform?: string;
    readonly bootDiskKmsKey?: string;
    readonly accelerators?: readonly { readonly acceleratorType?: string; readonly acceleratorCount?: string }[];
    readonly shieldedInstanceConfig?: {
      readonly enableSecureBoot?: boolean;
      readonly enableIntegrityMonitoring?: boolean;
    };
    readonly gcfsConfig?: { readonly enabled?: boolean };
    readonly confidentialNodes?: { readonly enabled?: boolean; readonly confidentialInstanceType?: string };
    readonly loggingConfig?: { readonly variantConfig?: { readonly variant?: string } };
    readonly gvnic?: { readonly enabled?: boolean };
    readonly ephemeralStorageLocalSsdConfig?: { readonly localSsdCount?: number };
  };
}

/** A subnet as the Compute API answers it. */
export interface LiveSubnetwork {
  readonly ipCidrRange?: string;
  readonly secondaryIpRanges?: readonly { readonly rangeName?: string; readonly ipCidrRange?: string }[];
}
