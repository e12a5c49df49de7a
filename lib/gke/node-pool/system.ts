import type { ContainerNodePoolNodeConfig } from "@cdktf/provider-google/lib/container-node-pool";
import {
  type CheckTable,
  decided,
  flag,
  isKnown,
  listOf,
  nested,
  oneOf,
  type Problem,
  recordOf,
  required,
  text,
  wholeNumber,
} from "../../validation";
import { ANY_TEXT, anyText } from "../checks";

/** Settings of the kubelet, https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config#kubelet-options. */
export interface KubeletOptions {
  /**
   * `static` gives whole CPUs to pods of the class Guaranteed that ask for whole ones.
   *
   * @default "none"
   */
  readonly cpuManagerPolicy?: "none" | "static";

  /**
   * Whether limits of CPU are enforced by quota.
   *
   * @default true
   */
  readonly cpuCfsQuota?: boolean;

  /**
   * The period of that quota, 1ms to 1s: `100ms`.
   *
   * @default "100ms"
   */
  readonly cpuCfsQuotaPeriod?: string;

  /**
   * Most processes of a pod, 1024 to 4194304.
   *
   * @default - no limit but the node's
   */
  readonly podPidsLimit?: number;

  /**
   * Size at which a container's log is rotated: `10Mi` to `500Mi`.
   *
   * @default "10Mi"
   */
  readonly containerLogMaxSize?: string;

  /**
   * How many files of a container's log are kept, 2 to 10.
   *
   * @default 5
   */
  readonly containerLogMaxFiles?: number;

  /**
   * Share of the disk in percent at which unused images go, 10 to 85.
   *
   * @default 85
   */
  readonly imageGcHighThresholdPercent?: number;

  /**
   * Share of the disk in percent down to which they go, 10 to 85.
   *
   * @default 80
   */
  readonly imageGcLowThresholdPercent?: number;

  /**
   * How many images are pulled at a time, 2 to 5.
   *
   * @default - as GKE chooses by the kind of disk
   */
  readonly maxParallelImagePulls?: number;

  /**
   * Sysctls beyond the safe ones that pods may set: `net.core.somaxconn`, `net.ipv4.*`.
   *
   * @default - none
   */
  readonly allowedUnsafeSysctls?: readonly string[];

  /**
   * Whether running out of memory kills one process of a container instead of all.
   *
   * @default false
   */
  readonly singleProcessOomKill?: boolean;
}

/** Pages of memory that are set aside when a node starts. */
export interface HugePages {
  /** Pages of 2 MB. */
  readonly size2m?: number;
  /** Pages of 1 GB, which only some series have. */
  readonly size1g?: number;
}

/** A registry whose certificate is signed by an authority of one's own. */
export interface PrivateRegistry {
  /** Its names: `registry.acme.internal`, `10.1.2.3:5000`. */
  readonly fqdns: readonly string[];
  /** Version of the secret with the authority's certificate: `projects/<project>/secrets/<secret>/versions/<version>`. */
  readonly certificateSecret: string;
}

/** What runs below the pods of a node. All of it is changed in place, by new nodes. */
export interface NodeSystemOptions {
  /**
   * Google's virtual network interface, which third-generation machines have anyway.
   *
   * @default - as the machine type has it
   */
  readonly gvnic?: boolean;

  /**
   * `MAX_THROUGHPUT` lets the logging agent take two CPUs a node.
   *
   * @default "DEFAULT"
   */
  readonly loggingVariant?: "DEFAULT" | "MAX_THROUGHPUT";

  /**
   * The kubelet. Its read-only port is off in any case.
   *
   * @default - GKE's own
   */
  readonly kubelet?: KubeletOptions;

  /**
   * Kernel parameters of the node: `{ "net.core.somaxconn": "4096" }`. GKE takes those of
   * https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config#sysctl-options.
   *
   * @default - GKE's own
   */
  readonly sysctls?: Readonly<Record<string, string>>;

  /**
   * Huge pages.
   *
   * @default - none
   */
  readonly hugePages?: HugePages;

  /**
   * Registries with certificates of an authority of one's own, for containerd. The nodes' account needs
   * `roles/secretmanager.secretAccessor` on the secrets.
   *
   * @default - none
   */
  readonly privateRegistries?: readonly PrivateRegistry[];
}

const KUBELET: CheckTable<KubeletOptions> = {
  cpuManagerPolicy: oneOf(["none", "static"]),
  cpuCfsQuota: flag(),
  cpuCfsQuotaPeriod: text({
    matches: /^(1s|[1-9]\d{0,2}ms|1000ms)$/,
    rule: "is not a time from 1ms to 1s",
    remedy: "give one such as 100ms",
  }),
  podPidsLimit: wholeNumber({ from: 1024, to: 4_194_304 }),
  containerLogMaxSize: text({
    matches: (size) => {
      const megabytes = Number(/^(\d+)Mi$/.exec(size)?.[1] ?? Number.NaN);
      return megabytes >= 10 && megabytes <= 500;
    },
    rule: "is not a size from 10Mi to 500Mi",
    remedy: "give one such as 50Mi",
  }),
  containerLogMaxFiles: wholeNumber({ from: 2, to: 10 }),
  imageGcHighThresholdPercent: wholeNumber({ from: 10, to: 85 }),
  imageGcLowThresholdPercent: wholeNumber({ from: 10, to: 85 }),
  maxParallelImagePulls: wholeNumber({ from: 2, to: 5 }),
  allowedUnsafeSysctls: listOf(anyText),
  singleProcessOomKill: flag(),
};

/** The checks of these options, each by itself. */
export const NODE_SYSTEM: CheckTable<NodeSystemOptions> = {
  gvnic: flag(),
  loggingVariant: oneOf(["DEFAULT", "MAX_THROUGHPUT"]),
  kubelet: decided(nested(KUBELET)),
  sysctls: recordOf(text(ANY_TEXT), (name) =>
    /^(fs|kernel|net|vm)(\.[a-z0-9_-]+)+$/.test(name)
      ? undefined
      : { rule: "is not a kernel parameter", remedy: "give one such as net.core.somaxconn" },
  ),
  hugePages: decided(nested<HugePages>({ size2m: wholeNumber({ from: 1 }), size1g: wholeNumber({ from: 1 }) })),
  privateRegistries: decided(
    listOf(
      nested<PrivateRegistry>({
        fqdns: required(listOf(anyText, { least: 1 }), "name the registry"),
        certificateSecret: required(
          text({
            matches: /^projects\/[^/]+\/secrets\/[^/]+\/versions\/[^/]+$/,
            rule: "is not the full name of a version of a secret",
            remedy: "give projects/<project>/secrets/<secret>/versions/<version>",
          }),
          "name the secret with the certificate",
        ),
      }),
    ),
  ),
};

/** Options to the nodes' attributes. */
export function systemConfig(
  options: NodeSystemOptions,
): Pick<
  ContainerNodePoolNodeConfig,
  "gvnic" | "loggingVariant" | "kubeletConfig" | "linuxNodeConfig" | "containerdConfig"
> {
  const { gvnic, kubelet, sysctls, hugePages, privateRegistries } = options;
  return {
    gvnic: gvnic === undefined ? undefined : { enabled: gvnic },
    loggingVariant: options.loggingVariant,
    kubeletConfig: {
      ...kubelet,
      allowedUnsafeSysctls: kubelet?.allowedUnsafeSysctls && [...kubelet.allowedUnsafeSysctls],
      // The kubelet's port 10255 answers anybody.
      insecureKubeletReadonlyPortEnabled: "FALSE",
    },
    linuxNodeConfig:
      sysctls === undefined && hugePages === undefined
        ? undefined
        : {
            sysctls,
            hugepagesConfig: hugePages && { hugepageSize2M: hugePages.size2m, hugepageSize1G: hugePages.size1g },
          },
    containerdConfig: privateRegistries && {
      privateRegistryAccessConfig: {
        enabled: true,
        certificateAuthorityDomainConfig: privateRegistries.map(({ fqdns, certificateSecret }) => ({
          fqdns: [...fqdns],
          gcpSecretManagerCertificateConfig: { secretUri: certificateSecret },
        })),
      },
    },
  };
}

/** What is wrong with them beside each other. */
export function systemProblems({ kubelet }: NodeSystemOptions): Problem[] {
  const low = kubelet?.imageGcLowThresholdPercent ?? 80;
  const high = kubelet?.imageGcHighThresholdPercent ?? 85;
  if (!isKnown(low) || !isKnown(high) || low < high) return [];
  const given = kubelet?.imageGcLowThresholdPercent === undefined ? "High" : "Low";
  return [
    {
      property: `kubelet.imageGc${given}ThresholdPercent`,
      value: given === "High" ? high : low,
      rule:
        given === "High"
          ? `is not above the ${low} at which images stop going`
          : `is not below the ${high} at which images begin to go`,
      remedy: "set imageGcLowThresholdPercent below imageGcHighThresholdPercent",
    },
  ];
}
