import type { HelmValues } from "../../helm";
import {
  type CheckTable,
  cidr,
  flag,
  isKnown,
  nested,
  oneOf,
  type Problem,
  text,
  variantOf,
  wholeNumber,
} from "../../validation";
import { type EffectiveRelease, effectiveValue } from "../effective-release";
import type { CiliumVersion } from "../version";

/** Secret and key in it that the chart mounts, `encryption.ipsec.secretName` and `keyFile`. */
export const DEFAULT_IPSEC_SECRET = "cilium-ipsec-keys";
export const IPSEC_SECRET_KEY = "keys";
/** How long agents keep the old key beside a new one; the chart's default. */
const DEFAULT_ROTATION_MINUTES = 5;

/** Packets that may not leave a node in clear text, whatever the state of the tunnels. */
export interface StrictEncryptionOptions {
  /**
   * Range of addresses between which clear text is dropped: the pods.
   *
   * @default - the smallest range around all ranges of pods
   */
  readonly cidr?: string;

  /**
   * Drop clear text from other nodes' pods as it comes in, too. From Cilium 1.20 on:
   * 1.19 has it with tunnels alone.
   *
   * @default false
   */
  readonly ingress?: boolean;
}

/** Encryption between nodes by WireGuard: each node makes its own key, and nothing has to be kept or rotated. */
export interface WireGuardOptions {
  readonly type: "wireguard";

  /**
   * Encrypt what nodes and pods on the host's network send each other as well. Beta in Cilium 1.20.
   *
   * @default false
   * @see https://docs.cilium.io/en/stable/security/network/encryption-wireguard/#node-to-node-encryption-beta
   */
  readonly nodeToNode?: boolean;

  /**
   * Drop what would leave a node in clear text: until the tunnels stand, and where a new node is not known yet.
   *
   * @default - clear text passes while there is no tunnel
   * @see https://docs.cilium.io/en/stable/security/network/encryption/#encryption-strict-mode
   */
  readonly strict?: StrictEncryptionOptions;
}

/**
 * Encryption between nodes by IPsec, with a key out of a Secret. The key is yours: it must be in the cluster before the
 * agents, and neither this library nor Terraform's state ever sees it (`docs/datapath.md` has the commands).
 */
export interface IpsecOptions {
  readonly type: "ipsec";

  /**
   * Name of the Secret in the release's namespace; its key `keys` holds the IPsec keys.
   *
   * @default "cilium-ipsec-keys"
   */
  readonly secretName?: string;

  /**
   * Minutes that agents keep the old key beside a new one while a rotation goes through the nodes.
   *
   * @default 5
   */
  readonly keyRotationMinutes?: number;
}

/** How packets between pods of different nodes are encrypted. */
export type EncryptionOptions = WireGuardOptions | IpsecOptions;

const TYPES = ["wireguard", "ipsec"];

const STRICT: CheckTable<StrictEncryptionOptions> = { cidr: cidr(), ingress: flag() };

const TABLES = {
  wireguard: {
    type: oneOf(TYPES),
    nodeToNode: flag(),
    strict: nested(STRICT),
  } satisfies CheckTable<WireGuardOptions>,
  ipsec: {
    type: oneOf(TYPES),
    secretName: text({
      matches: /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
      rule: "is not a name that a Secret can have",
      remedy: `use lower case letters, digits, hyphens and dots, e.g. ${DEFAULT_IPSEC_SECRET}`,
    }),
    keyRotationMinutes: wholeNumber({ from: 1, remedy: "give a number of minutes, e.g. 5" }),
  } satisfies CheckTable<IpsecOptions>,
};

/** What the options must look like. */
export const ENCRYPTION = variantOf("type", TABLES);

/**
 * Protocols beside TCP, UDP and ICMP that nodes send each other, however encryption was asked for: IPsec's packets go
 * from node to node as ESP, which GKE's rules pass from the range of the pods alone.
 *
 * @see https://docs.cilium.io/en/stable/operations/system_requirements/#firewall-rules
 */
export function encryptionProtocols(release: EffectiveRelease): readonly string[] {
  const isOn = `${effectiveValue(release, "encryption.enabled")}` === "true";
  return isOn && effectiveValue(release, "encryption.type") === "ipsec" ? ["esp"] : [];
}

/**
 * Values below `encryption`.
 *
 * @param pods Range around all pods, for strict mode.
 */
export function encryptionValues(
  options: EncryptionOptions | undefined,
  { version, pods }: { readonly version: CiliumVersion; readonly pods: string },
): HelmValues {
  if (options === undefined) return {};
  if (options.type === "ipsec")
    return {
      encryption: {
        enabled: true,
        type: "ipsec",
        ipsec: {
          secretName: options.secretName ?? DEFAULT_IPSEC_SECRET,
          keyFile: IPSEC_SECRET_KEY,
          keyRotationDuration: `${options.keyRotationMinutes ?? DEFAULT_ROTATION_MINUTES}m`,
        },
      },
    };
  return {
    encryption: {
      enabled: true,
      type: options.type,
      nodeEncryption: options.nodeToNode ?? false,
      ...(options.strict === undefined ? {} : { strictMode: strictValues(options.strict, version, pods) }),
    },
  };
}

/** The keys moved in 1.19; up to 1.18 there is nothing for what comes in. */
function strictValues(strict: StrictEncryptionOptions, version: CiliumVersion, pods: string): HelmValues {
  const egress = { enabled: true, cidr: strict.cidr ?? pods };
  if (version.major === 1 && version.minor < 19) return egress;
  return { egress, ...(strict.ingress === undefined ? {} : { ingress: { enabled: strict.ingress } }) };
}

/** What is wrong between the options and the version. Everything else is judged in the merged values. */
export function encryptionProblems(options: EncryptionOptions | undefined, version: CiliumVersion): Problem[] {
  if (options?.type !== "wireguard" || !isKnown(options.strict) || options.strict.ingress !== true) return [];
  if (version.major > 1 || version.minor >= 20) return [];
  return [
    {
      property: "strict.ingress",
      value: true,
      rule: `needs Cilium 1.20: the agents of ${version} do not start with it where the VPC routes pods`,
      remedy: "leave it out, or use Cilium 1.20",
    },
  ];
}
