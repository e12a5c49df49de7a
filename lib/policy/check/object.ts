import { lookUp } from "../../facts/look-up";
import { type ObjectSchema, policyKinds, versionsOf } from "../../facts/policy";
import { closest, isKnown } from "../../validation";
import { ciliumRuleFaults } from "./cilium-rules";
import { type Fault, type Fields, inQuotes, isFields, shownValue, textOf } from "./fault";
import { kubernetesRuleFaults } from "./kubernetes-rules";
import { otherRuleFaults } from "./other-rules";
import { schemaFaults } from "./schema";
import { keyFaults, selectorFaults, valueFaults } from "./selectors";

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_NAME = 253;
const LONGEST_NAMESPACE = 63;

/** Fields of metadata that people write. */
const METADATA = ["name", "namespace", "labels", "annotations", "finalizers", "ownerReferences", "generateName"];

/** Fields that the API server writes; who exports an object gets them, too. */
export const WRITTEN_BY_API_SERVER: readonly string[] = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** Versions that a kind once had, or has with somebody else. */
const OTHER_VERSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NetworkPolicy: {
    "extensions/v1beta1": "was removed with Kubernetes 1.16",
    "crd.projectcalico.org/v1": "is Calico's own",
    "projectcalico.org/v3": "is Calico's own",
  },
  FQDNNetworkPolicy: {
    "networking.gke.io/v1alpha3": "is that of a controller of one's own, with other fields, and not GKE's",
  },
};

/** Kinds that say what networks do and are read by nobody here, or by somebody else. */
const OTHER_KINDS: Readonly<Record<string, Pick<Fault, "rule" | "remedy">>> = {
  ...Object.fromEntries(
    ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"].map((kind) => [
      kind,
      {
        rule: "is of the Network Policy API, which no dataplane here enforces",
        remedy: "write a CiliumClusterwideNetworkPolicy",
      },
    ]),
  ),
  CiliumEgressNATPolicy: {
    rule: "was what CiliumEgressGatewayPolicy is today",
    remedy: "write a CiliumEgressGatewayPolicy, with selectors and egressGateway",
  },
  GlobalNetworkPolicy: {
    rule: "is Calico's own, and is not judged here",
    remedy: "keep it elsewhere, or write a CiliumClusterwideNetworkPolicy",
  },
  GlobalNetworkSet: {
    rule: "is Calico's own, and is not judged here",
    remedy: "keep it elsewhere, or write a CiliumCIDRGroup",
  },
};

/** What an object turned out to be. */
export interface JudgedObject {
  readonly faults: readonly Fault[];
  /** What is taken, but not for ever. */
  readonly warnings?: readonly Fault[];
  /** Undefined where its kind is not known. */
  readonly schema?: ObjectSchema;
}

/**
 * Everything in which an object is not what the API server and the agents take.
 *
 * @param version Version of Cilium whose definitions the cluster has.
 */
export function judgeObject(object: Fields, version: { readonly major: number; readonly minor: number }): JudgedObject {
  const { apiVersion, kind } = object;
  for (const [field, value] of [
    ["apiVersion", apiVersion],
    ["kind", kind],
  ] as const)
    if (value !== undefined && value !== null && typeof value !== "string" && isKnown(value))
      return { faults: [{ path: [field], ...shownValue(value), rule: "is not text", remedy: inQuotes(value) }] };
    else if (typeof value !== "string" || value === "")
      return {
        faults: [{ path: [field], ...shownValue(value), rule: "is missing", remedy: "every object needs one" }],
      };
    else if (!isKnown(value))
      return { faults: [{ path: [field], rule: "is only known to Terraform", remedy: "write it as plain text" }] };
  if (kind === "Namespace") return { faults: metadataFaults(object, false) };
  const versions = versionsOf(textOf(kind), version);
  if (versions === undefined) return { faults: [unknownKind(textOf(kind))] };
  const schema = versions.get(textOf(apiVersion));
  if (schema === undefined) return { faults: [unknownVersion(textOf(kind), textOf(apiVersion), [...versions.keys()])] };
  const faults = [...metadataFaults(object, schema.namespaced), ...schemaFaults(object, schema)];
  const { apiVersion: _, kind: __, metadata: ___, ...own } = object;
  faults.push(...selectorFaults(own, [], textOf(apiVersion).startsWith("cilium.io/")));
  faults.push(...ruleFaults(object));
  const deprecated: Fault = {
    path: ["apiVersion"],
    value: apiVersion,
    rule: `is deprecated for ${textOf(kind)} and will be removed`,
    remedy: `write ${[...versions.keys()][0]}`,
  };
  return { faults: once(faults), warnings: schema.deprecated === true ? [deprecated] : [], schema };
}

function ruleFaults(object: Fields): Fault[] {
  switch (object["kind"]) {
    case "NetworkPolicy":
      return kubernetesRuleFaults(object);
    case "CiliumNetworkPolicy":
    case "CiliumClusterwideNetworkPolicy":
      return ciliumRuleFaults(object);
    default:
      return otherRuleFaults(object);
  }
}

/** One fault a field: the first is the schema's, and what follows from it is no news. */
function once(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>();
  return faults.filter(({ path }) => {
    const key = JSON.stringify(path);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function unknownKind(kind: string): Fault {
  const other = lookUp(OTHER_KINDS, kind);
  if (other !== undefined) return { path: ["kind"], value: kind, ...other };
  const known = [...policyKinds(), "Namespace"];
  const meant = closest(kind, known);
  return {
    path: ["kind"],
    value: kind,
    rule: "is no kind of policy that is known here",
    remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : `keep it elsewhere; there are ${known.join(", ")}`,
  };
}

function unknownVersion(kind: string, apiVersion: string, versions: readonly string[]): Fault {
  const because =
    lookUp(lookUp(OTHER_VERSIONS, kind) ?? {}, apiVersion) ?? `is no version of ${kind} that the cluster has`;
  return { path: ["apiVersion"], value: apiVersion, rule: because, remedy: `write ${versions[0]}` };
}

function metadataFaults(object: Fields, namespaced: boolean): Fault[] {
  const metadata = object["metadata"];
  if (metadata !== undefined && !isKnown(metadata))
    return [
      {
        path: ["metadata"],
        rule: "is only known to Terraform, and policies are told apart by it",
        remedy: "write name and namespace as plain text",
      },
    ];
  if (!isFields(metadata)) return [{ path: ["metadata"], rule: "is missing", remedy: "write name, and namespace" }];
  const faults: Fault[] = [];
  const { name, namespace } = metadata;
  if (name === undefined || name === null || name === "")
    faults.push({
      path: ["metadata", "name"],
      rule:
        metadata["generateName"] === undefined
          ? "is missing"
          : "is left to the API server, so that nobody could find the object again",
      remedy: "give the object a name",
    });
  else if (!isKnown(name))
    faults.push({ path: ["metadata", "name"], rule: "is only known to Terraform", remedy: "write it as plain text" });
  else if (typeof name !== "string" || !NAME.test(name) || name.length > LONGEST_NAME)
    faults.push({
      path: ["metadata", "name"],
      ...shownValue(name),
      rule: "is not a name that Kubernetes takes",
      remedy: typeof name === "string" ? "use lower case letters, digits, - and ." : inQuotes(name),
    });
  if (namespace !== undefined && !namespaced)
    faults.push({
      path: ["metadata", "namespace"],
      ...shownValue(namespace),
      rule: `is given, and a ${textOf(object["kind"])} is in no namespace`,
      remedy: "leave it out",
    });
  else if (namespace !== undefined && !isKnown(namespace))
    faults.push({
      path: ["metadata", "namespace"],
      rule: "is only known to Terraform",
      remedy: "write it as plain text",
    });
  else if (
    namespace !== undefined &&
    (typeof namespace !== "string" || !NAMESPACE.test(namespace) || namespace.length > LONGEST_NAMESPACE)
  )
    faults.push({
      path: ["metadata", "namespace"],
      ...shownValue(namespace),
      rule: "is not a namespace's name",
      remedy: typeof namespace !== "string" ? inQuotes(namespace) : "use at most 63 lower case letters, digits and -",
    });
  for (const field of ["labels", "annotations"] as const) faults.push(...textFaults(metadata[field], field));
  for (const field of Object.keys(metadata))
    if (metadata[field] !== undefined && !METADATA.includes(field) && !WRITTEN_BY_API_SERVER.includes(field)) {
      const meant = closest(field, METADATA);
      faults.push({
        path: ["metadata", field],
        ...shownValue(metadata[field]),
        rule: "is no field here, and the API server would drop it without a word",
        remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : "leave it out",
      });
    }
  return faults;
}

function textFaults(value: unknown, field: string): Fault[] {
  if (value === undefined || !isKnown(value)) return [];
  const path = ["metadata", field];
  if (!isFields(value)) return [{ path, ...shownValue(value), rule: "is not a map", remedy: "write a map of texts" }];
  return Object.entries(value).flatMap(([name, text]) => {
    const at = [...path, name];
    const wrongKey = keyFaults(name, at, false);
    if (text === undefined || wrongKey.length > 0) return wrongKey;
    if (typeof text !== "string")
      return [{ path: at, ...shownValue(text), rule: "is not text", remedy: inQuotes(text) }];
    return field === "labels" ? valueFaults(text, at) : [];
  });
}
