import { effectiveValues } from "../diff/helm-values";
import { parseDocument } from "../diff/text";
import { destroys, type ResourceChange } from "../model/changes";
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

/** Resources of other providers whose attributes hold manifests, under whatever name. */
const CARRIERS = /^(k8s|kubectl|kustomization|kustomize|carvel|kubernetes-alpha)_|_manifest$/;

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

/** Whether a resource may carry Kubernetes objects. */
export function carriesObjects(type: string): boolean {
  return Object.hasOwn(MANIFESTS, type) || type === "helm_release" || CARRIERS.test(type);
}

/** The Kubernetes objects in a manifest, or in the values of a release as {@link ManifestRelease} writes them. */
export function* objectsOf(type: string, resource: ValueObject | null): Generator<KubernetesObject> {
  const attribute = Object.hasOwn(MANIFESTS, type) ? MANIFESTS[type] : undefined;
  if (!resource) return;
  if (attribute !== undefined) {
    const manifest = resource[attribute];
    yield* objectsIn(typeof manifest === "string" ? parseDocument(manifest) : manifest);
  } else if (type === "helm_release") yield* objectsIn(effectiveValues(resource).values);
  else if (CARRIERS.test(type)) {
    const told = new Set<string>();
    for (const object of objectsIn(resource)) {
      const key = `${object.kind} ${object.name}`;
      if (!told.has(key)) yield object;
      told.add(key);
    }
  }
}

/** Objects of some kinds that a resource carried and carries no longer, or that go with it: `Kind name`. */
export function lostOf(change: ResourceChange, kinds: RegExp): readonly string[] {
  if (change.before === null || !carriesObjects(change.type)) return [];
  const namesOf = (side: ResourceChange["before"]) =>
    [...objectsOf(change.type, side)].filter(({ kind }) => kinds.test(kind)).map(({ kind, name }) => `${kind} ${name}`);
  const kept = new Set(destroys(change) ? [] : namesOf(change.after));
  return namesOf(change.before).filter((name) => !kept.has(name));
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
