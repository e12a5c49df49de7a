import { effectiveValues } from "../diff/helm-values";
import { parseDocument } from "../diff/text";
import { asBlocks, getPath, isArray, isObject, Opaque, type Value, type ValueObject } from "../model/value";
import { show } from "./rule";

/** A network policy as it stands in whatever resource brings it. */
export interface Policy {
  /** `CiliumNetworkPolicy shop/api`: what tells it from others in a cluster. */
  readonly key: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly spec: Value;
}

/** Every kind that decides who may talk to whom or where traffic goes, of whatever project. */
const POLICY_KIND =
  /NetworkPolicy$|^Cilium(EgressGateway|LocalRedirect)Policy$|^CiliumCIDRGroup$|^AuthorizationPolicy$/;

/** Resources whose manifest is an attribute, and the attribute's name. */
const MANIFESTS: Readonly<Record<string, string>> = {
  kubernetes_manifest: "manifest",
  kubectl_manifest: "yaml_body",
  kubectl_server_version: "",
  kubectl_path_documents: "documents",
};

/** The policies a resource brings: objects in the values of a release, a manifest, or a resource that is one. */
export function policiesOf(type: string, resource: ValueObject | null): readonly Policy[] {
  if (!resource) return [];
  if (/^kubernetes_network_policy(_v\d+)?$/.test(type)) return [typed(resource)];
  return [...objectsOf(type, resource)].flatMap((object) => (POLICY_KIND.test(object.kind) ? [asPolicy(object)] : []));
}

/** A Kubernetes object that a resource carries as it is. */
export interface KubernetesObject {
  readonly kind: string;
  readonly name: string;
  readonly value: ValueObject;
}

/** The Kubernetes objects in a manifest, or in the values of a release as {@link ManifestRelease} writes them. */
export function* objectsOf(type: string, resource: ValueObject | null): Generator<KubernetesObject> {
  const attribute = Object.hasOwn(MANIFESTS, type) ? MANIFESTS[type] : undefined;
  if (!resource) return;
  if (attribute !== undefined) {
    const manifest = resource[attribute];
    yield* objectsIn(typeof manifest === "string" ? parseDocument(manifest) : manifest);
  } else if (type === "helm_release") yield* objectsIn(effectiveValues(resource).values);
}

function* objectsIn(value: Value | undefined): Generator<KubernetesObject> {
  if (value instanceof Opaque) return;
  if (isArray(value)) for (const item of value) yield* objectsIn(item);
  else if (isObject(value)) {
    const { kind } = value;
    if (typeof kind === "string" && isObject(value["metadata"])) {
      if (kind === "List") yield* objectsIn(value["items"]);
      const namespace = getPath(value, "metadata.namespace");
      const name = show(getPath(value, "metadata.name"));
      yield { kind, name: typeof namespace === "string" ? `${namespace}/${name}` : name, value };
    } else for (const child of Object.values(value)) yield* objectsIn(child);
  } else if (typeof value === "string" && value.includes("kind")) yield* objectsIn(parseDocument(value));
}

function asPolicy({ kind, name, value }: KubernetesObject): Policy {
  const namespace = name.includes("/") ? name.split("/")[0] : undefined;
  return { key: `${kind} ${name}`, kind, namespace, spec: value["spec"] ?? value["specs"] ?? null };
}

/** The resource of the kubernetes provider: blocks instead of a document, names with underscores. */
function typed(resource: ValueObject): Policy {
  const [namespace, name] = ["metadata.namespace", "metadata.name"].map((path) => getPath(resource, path));
  const where = typeof namespace === "string" ? namespace : "default";
  const spec = asBlocks(resource["spec"])[0] ?? null;
  return { key: `NetworkPolicy ${where}/${show(name)}`, kind: "NetworkPolicy", namespace: where, spec };
}

/** What an edited policy does to whom, as far as its form tells. */
export function widened(kind: string, before: Value, after: Value): readonly string[] {
  const cilium = kind.startsWith("Cilium");
  const [old, current] = [before, after].map((spec) => (isArray(spec) ? spec[0] : spec));
  if (!isObject(old) || !isObject(current)) return [];
  const parts: string[] = [];
  for (const key of ["podSelector", "pod_selector", "endpointSelector", "nodeSelector"]) {
    const [from, to] = [old[key], current[key]];
    if (from !== undefined && !selectsAll(from) && selectsAll(to)) parts.push(`${key} now selects everything`);
  }
  for (const direction of ["ingress", "egress"]) {
    const [from, to] = [old[direction], current[direction]].map(rulesOf);
    const [all, none] = cilium ? [lets, closes] : [allowsAll, denies];
    if (all(to) && !all(from)) parts.push(`${direction} now allows everything`);
    if (none(to, current, direction) && !none(from, old, direction)) parts.push(`${direction} now denies everything`);
  }
  return parts;
}

function selectsAll(selector: Value | undefined): boolean {
  if (isArray(selector)) return selector.length > 0 && selector.every(selectsAll);
  if (!isObject(selector)) return false;
  return Object.values(selector).every(
    (part) =>
      part === null ||
      part === undefined ||
      (isArray(part) && part.length === 0) ||
      (isObject(part) && Object.keys(part).length === 0),
  );
}

function rulesOf(rules: Value | undefined): readonly Value[] | undefined {
  if (isArray(rules)) return rules;
  return isObject(rules) ? [rules] : undefined;
}

/** A rule without a word in it lets everybody in. */
function allowsAll(rules: readonly Value[] | undefined): boolean {
  return rules?.some(selectsAll) ?? false;
}

/** A list without rules, or a direction that is named and has none. */
function denies(rules: readonly Value[] | undefined, spec: ValueObject, direction: string): boolean {
  if (rules !== undefined && rules.length > 0) return false;
  const types = spec["policyTypes"] ?? spec["policy_types"];
  const named = isArray(types) && types.some((type) => String(type).toLowerCase() === direction);
  return named || (rules !== undefined && types === undefined);
}

const PEERS = ["fromEndpoints", "toEndpoints", "fromEntities", "toEntities", "fromCIDR", "toCIDR"];

/** Cilium's own rules: everybody is a peer, named as such. */
function lets(rules: readonly Value[] | undefined): boolean {
  return (rules ?? []).some((rule) => PEERS.some((name) => isObject(rule) && isEverybody(rule[name])));
}

function isEverybody(peers: Value | undefined): boolean {
  return isArray(peers) && peers.some((peer) => selectsAll(peer) || ["all", "0.0.0.0/0"].includes(String(peer)));
}

/** A rule without a word puts the direction into default deny and lets nobody through. */
function closes(rules: readonly Value[] | undefined): boolean {
  return rules !== undefined && rules.length > 0 && rules.every(selectsAll);
}
