import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { ClusterView } from "../../gcp/hooks";
import { at } from "../../gcp/json";
import { packageRoot } from "../../paths";
import type { KubernetesObject } from "../client";
import { dnsService } from "../nodes/ranges";
import type { AddonName } from "./features";

/** Addons that need more than the file of their own name. */
const FILES: Partial<Record<AddonName, readonly string[]>> = {
  "managed-prometheus": ["managed-prometheus-scraping", "managed-prometheus-rules", "managed-prometheus"],
  "cilium-clusterwide-network-policy": [],
};

/** Cilium's own definitions that Google's agent uses too, by the names of their files. */
const CILIUM_DEFINITIONS: Partial<Record<AddonName, readonly string[]>> = {
  "dataplane-v2": ["ciliumnodes.yaml", "ciliumendpoints.yaml", "ciliumidentities.yaml"],
  "cilium-clusterwide-network-policy": ["ciliumclusterwidenetworkpolicies.yaml"],
};

/**
 * The objects of an addon in a cluster.
 *
 * @param ciliumDefinitions Files with Cilium's definitions.
 */
export function addonObjects(
  name: AddonName,
  cluster: ClusterView,
  ciliumDefinitions: readonly string[],
): KubernetesObject[] {
  const wanted = CILIUM_DEFINITIONS[name] ?? [];
  const definitions = ciliumDefinitions.filter((file) => wanted.includes(basename(file)));
  const manifests = (FILES[name] ?? [name]).map((file) =>
    fillIn(readFileSync(join(manifestDirectory(), `${file}.yaml`), "utf8"), placeholders(cluster)),
  );
  return [...readDefinitions(definitions), ...manifests.flatMap(parseObjects)];
}

/** Definitions are large and stay what they are: each file is parsed once. */
const READ = new Map<string, readonly KubernetesObject[]>();

/** Every object of files with Cilium's definitions. */
export function readDefinitions(files: readonly string[]): KubernetesObject[] {
  return files.flatMap((file) => {
    const objects = READ.get(file) ?? parseObjects(readFileSync(file, "utf8"));
    READ.set(file, objects);
    return objects;
  });
}

/** Every object of a YAML text. @throws Error where it is not YAML. */
export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0];
    const object = document.toJS() as KubernetesObject | null;
    return object ? [object] : [];
  });
}

/** Replaces `${NAME}`. @throws Error for a name that nobody gave a value. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`a manifest asks for \${${name}}, which has no value`);
    return value;
  });
}

function placeholders(cluster: ClusterView): Record<string, string> {
  const metrics = at(cluster.resource, "monitoringConfig.advancedDatapathObservabilityConfig.enableMetrics") === true;
  return {
    PROJECT: cluster.project,
    LOCATION: cluster.location,
    CLUSTER: cluster.name,
    DNS_SERVICE_IP: dnsService(cluster.servicesCidr),
    FLOW_METRICS_PORTS: JSON.stringify(
      metrics ? [{ name: "flowmetrics", containerPort: 9965, hostPort: 9965, protocol: "TCP" }] : [],
    ),
  };
}

function manifestDirectory(): string {
  return join(packageRoot(), "sandbox", "kubernetes", "addons", "manifests");
}
