import { Token } from "cdktf";
import type { HelmValues } from "../helm";
import type { Problem } from "../validation";

/** A Kubernetes object as it is written in YAML, typed as far as every object is alike. */
export interface Manifest extends HelmValues {
  /** Group and version, e.g. `monitoring.googleapis.com/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ManifestMetadata;
}

/** The part of an object's metadata that says which object it is. */
export interface ManifestMetadata extends HelmValues {
  readonly name: string;
  /** Left out for objects without a namespace, and for those in the release's own. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Names that Kubernetes takes for objects of most kinds (RFC 1123 subdomain); RBAC alone allows colons too. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/;
const NAMESPACE_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MAX_NAME_LENGTH = 253;
const MAX_NAMESPACE_LENGTH = 63;

/**
 * Key of an object among its release's: `PodMonitoring.monitoring.googleapis.com/kube-system/cilium-agent`. Stays the
 * same when the object's version moves on, so that a plan shows the change and not two objects.
 */
export function manifestKey(manifest: Manifest): string {
  const slash = manifest.apiVersion.indexOf("/");
  const kind = slash === -1 ? manifest.kind : `${manifest.kind}.${manifest.apiVersion.slice(0, slash)}`;
  return [kind, manifest.metadata.namespace, manifest.metadata.name].filter((part) => part !== undefined).join("/");
}

/** What is wrong with a list of objects, told of `manifests[n]`. */
export function manifestProblems(manifests: readonly Manifest[]): Problem[] {
  const problems = manifests.flatMap((manifest, index) => objectProblems(manifest, `manifests[${index}]`));
  if (problems.length > 0) return problems;
  const keys = manifests.map(manifestKey);
  keys.forEach((key, index) => {
    const first = keys.indexOf(key);
    if (first !== index)
      problems.push({
        property: `manifests[${index}]`,
        value: key,
        rule: `is the same object as manifests[${first}]`,
        remedy: "merge the two, or rename one",
      });
  });
  return problems;
}

function objectProblems(manifest: Manifest, property: string): Problem[] {
  const problems: Problem[] = [];
  const metadata: Partial<ManifestMetadata> | undefined = manifest.metadata;
  for (const [path, value] of [
    ["apiVersion", manifest.apiVersion],
    ["kind", manifest.kind],
    ["metadata.name", metadata?.name],
  ] as const) {
    if (typeof value !== "string" || value === "")
      problems.push({ property: `${property}.${path}`, value, rule: "is missing", remedy: "every object needs one" });
    else if (Token.isUnresolved(value))
      problems.push({
        property: `${property}.${path}`,
        rule: "is a token, so nobody can tell at synth which object this is",
        remedy: "use a text that is known at synth",
      });
  }
  if (problems.length > 0) return problems;
  if (manifest.kind === "List" || manifest["items"] !== undefined)
    problems.push({
      property: `${property}.kind`,
      value: manifest.kind,
      rule: "is a list of objects",
      remedy: "give each object as an entry of its own",
    });
  if (!OBJECT_NAME.test(manifest.metadata.name) || manifest.metadata.name.length > MAX_NAME_LENGTH)
    problems.push({
      property: `${property}.metadata.name`,
      value: manifest.metadata.name,
      rule: "is not a name that Kubernetes takes",
      remedy: `use at most ${MAX_NAME_LENGTH} lower case letters, digits, - and .`,
    });
  const namespace = manifest.metadata.namespace;
  if (namespace !== undefined && (!NAMESPACE_NAME.test(namespace) || namespace.length > MAX_NAMESPACE_LENGTH))
    problems.push({
      property: `${property}.metadata.namespace`,
      value: namespace,
      rule: "is not a namespace's name",
      remedy: `use at most ${MAX_NAMESPACE_LENGTH} lower case letters, digits and -, or leave it out`,
    });
  return problems;
}
