import { ChartKeys, SUPPORTED_MINORS, TESTED_KUBERNETES } from "../facts/cilium";
import { lookUp } from "../facts/look-up";
import { compareVersions, minorText, parseVersion } from "../facts/semver";
import { type HelmValues, isValuesMap } from "../helm";
import { isKnown, type Problem } from "../validation";
import { type EffectiveRelease, effectiveValue, writtenAs } from "./effective-release";
import type { CiliumReleaseContext } from "./release-rules";
import { riskOf } from "./risks";
import type { CiliumVersion } from "./version";

/** Keys that the chart still reads and says goodbye to: old to new. */
const DEPRECATED: Readonly<Record<string, string>> = {
  "clustermesh.apiserver.tls.server.extraDnsNames": "clustermesh.apiserver.tls.auto.server.extraDnsNames",
  "clustermesh.apiserver.tls.server.extraIpAddresses": "clustermesh.apiserver.tls.auto.server.extraIpAddresses",
  "hubble.export.aggregationInterval": "hubble.export.static.aggregationInterval",
  "hubble.export.fileCompress": "hubble.export.static.fileCompress",
  "hubble.export.fileMaxBackups": "hubble.export.static.fileMaxBackups",
  "hubble.export.fileMaxSizeMb": "hubble.export.static.fileMaxSizeMb",
  localRedirectPolicy: "localRedirectPolicies.enabled",
};

/** What works as far as we know and deserves a sentence, named from the options of the release. */
export function ciliumReleaseWarnings(release: EffectiveRelease, context: CiliumReleaseContext = {}): Problem[] {
  return [
    ...ciliumVersionWarnings(release.version),
    ...kubernetesVersionWarnings(release.version, context.kubernetesVersion),
    ...acceptedRiskWarnings(release),
    ...(context.gatewayDefinitions === true ? [] : gatewayWarnings(release)),
    ...encryptionWarnings(release),
    ...auditWarnings(release),
    ...idleKeyWarnings(release),
  ];
}

/** What to tell the user about a version that this library's tests do not cover; nothing where they do. */
export function ciliumVersionWarnings(version: CiliumVersion): Problem[] {
  if (version.supportedMinor !== undefined) return [];
  const range = `${SUPPORTED_MINORS[0]} to ${SUPPORTED_MINORS[SUPPORTED_MINORS.length - 1]}`;
  return [
    {
      property: "version",
      value: `${version}`,
      rule: `is outside the tested range ${range}: its values are only checked for removed keys and by the nearest minor's rules`,
      remedy: "try the release on a cluster you can lose first",
    },
  ];
}

/**
 * A control plane outside the range that Cilium tests one of its minors with. GKE's channels move on by themselves, and
 * an agent that a newer kubelet does not get on with is an outage of every pod (cilium/cilium#47884 was one).
 *
 * @param kubernetesVersion Version of the control plane, e.g. `1.35` or `1.33.5-gke.1080000`.
 */
export function kubernetesVersionWarnings(version: CiliumVersion, kubernetesVersion: string | undefined): Problem[] {
  const minor = version.supportedMinor;
  const kubernetes = isKnown(kubernetesVersion) ? parseVersion(kubernetesVersion) : undefined;
  if (minor === undefined || kubernetes === undefined) return [];
  const { first, last } = TESTED_KUBERNETES[minor];
  const step = compareMinors(kubernetes, first, last);
  if (step === 0) return [];
  const better = [...SUPPORTED_MINORS]
    .reverse()
    .find((other) => compareMinors(kubernetes, TESTED_KUBERNETES[other].first, TESTED_KUBERNETES[other].last) === 0);
  return [
    {
      property: "version",
      value: `${version}`,
      rule: `is tested by Cilium with Kubernetes ${first} to ${last}, and the control plane is ${minorText(kubernetes)}: ${
        step > 0 ? "newer ones depend on the compatibility that Kubernetes offers" : "older ones have no support"
      }`,
      remedy:
        better === undefined
          ? `hold GKE within ${first} to ${last} by a maintenance exclusion of minor upgrades`
          : `use Cilium ${better}, which is tested with it, or hold GKE within ${first} to ${last} by a maintenance exclusion of minor upgrades`,
    },
  ];
}

/** Negative below the range, positive above it. */
function compareMinors(
  { major, minor }: { readonly major: number; readonly minor: number },
  first: string,
  last: string,
): number {
  const [from, to] = [parseVersion(first), parseVersion(last)];
  if (from === undefined || to === undefined) return 0;
  const at = { major, minor, patch: 0 };
  if (compareVersions(at, from) < 0) return -1;
  return compareVersions(at, to) > 0 ? 1 : 0;
}

/** Risks stay in sight, with the reasons for taking them. */
function acceptedRiskWarnings(release: EffectiveRelease): Problem[] {
  return release.accept.map((acceptance) => ({
    property: "accept",
    value: riskOf(acceptance),
    rule:
      typeof acceptance === "string"
        ? "is a risk taken without a reason"
        : `is a risk taken because: ${acceptance.reason}`,
    remedy: "take it out once the reason is gone",
  }));
}

/** Without the CRDs the operator starts, does nothing about Gateways and says so in its log only. */
function gatewayWarnings(release: EffectiveRelease): Problem[] {
  if (effectiveValue(release, "gatewayAPI.enabled") !== true) return [];
  return [
    {
      property: writtenAs(release, "gatewayAPI.enabled"),
      value: true,
      rule: "needs the CRDs of the Gateway API before the operator starts, and neither this library nor Cilium's chart brings them; GKE brings its own, and guards them, where its Gateway controller is on",
      remedy:
        "install the CRDs of the version that Cilium names first, and restart the operator where it was there before",
    },
  ];
}

/** What encryption needs that no release brings, and what upstream calls beta. */
function encryptionWarnings(release: EffectiveRelease): Problem[] {
  const isOn = (path: string) => `${effectiveValue(release, path)}` === "true";
  if (!isOn("encryption.enabled")) return [];
  const type = effectiveValue(release, "encryption.type");
  const warnings: Problem[] = [];
  if (type === "ipsec") {
    const secret = effectiveValue(release, "encryption.ipsec.secretName");
    warnings.push({
      property: writtenAs(release, "encryption.ipsec.secretName"),
      value: isKnown(secret) ? secret : undefined,
      rule: "must be in the cluster before the agents, which do not start without their key; it is made by hand, so that no state ever holds it",
      remedy: "deploy the cluster's stack, make the Secret, then deploy this one: docs/datapath.md#encryption",
    });
  }
  if (type === "wireguard" && isOn("encryption.nodeEncryption"))
    warnings.push({
      property: writtenAs(release, "encryption.nodeEncryption"),
      value: true,
      rule: "is beta in Cilium: a node whose key is not known yet cannot be reached by the others",
      remedy: "try it on a cluster you can lose first",
    });
  return warnings;
}

/** A policy that only logs looks like one that holds. */
function auditWarnings(release: EffectiveRelease): Problem[] {
  if (`${effectiveValue(release, "policyAuditMode")}` !== "true") return [];
  return [
    {
      property: writtenAs(release, "policyAuditMode"),
      value: true,
      rule: "lets everything pass that policies deny, on all nodes, and only logs it",
      remedy: "take it out once the log shows nothing that must pass",
    },
  ];
}

/** Keys that the chart documents and no template reads, and keys on their way out. */
function idleKeyWarnings(release: EffectiveRelease): Problem[] {
  const minor = release.version.supportedMinor;
  if (minor === undefined) return [];
  const keys = ChartKeys.of(minor);
  return leafPaths(release.values).flatMap((path): Problem[] => {
    const property = writtenAs(release, path);
    const today = lookUp(DEPRECATED, path);
    if (today !== undefined && keys.paths.has(today))
      return [{ property, rule: "is on its way out of the chart", remedy: `use ${today}` }];
    if (!keys.defaults.has(path) || keys.isRead(path)) return [];
    return [
      {
        property,
        rule: `stands in the values.yaml of the Cilium ${minor} chart, and no template of it reads it`,
        remedy: "leave it out",
      },
    ];
  });
}

function leafPaths(values: HelmValues, parent = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = parent === "" ? key : `${parent}.${key}`;
    return isValuesMap(value) ? leafPaths(value, path) : value === undefined ? [] : [path];
  });
}
