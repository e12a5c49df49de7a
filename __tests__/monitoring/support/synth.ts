import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack } from "cdktf";
import type { DataplaneTelemetry } from "../../../lib/dataplane/telemetry";
import type { HelmValues } from "../../../lib/helm";
import type { MonitoringFacts } from "../../../lib/monitoring/facts";
import type { Monitoring } from "../../../lib/monitoring/monitoring";
import { synthStacks } from "../../../lib/testing/synth";

export type Resources = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

/** Facts of an environment named staging. */
export const FACTS = {
  environment: "staging",
  project: "acme-staging",
  location: "asia-northeast1",
  clusterName: "staging",
} as const;

/** The resources of a monitoring stack, parsed: by type and by name. Helm values are objects. */
export function synthMonitoring(
  monitoring: Monitoring,
  telemetry: DataplaneTelemetry,
  more: Pick<MonitoringFacts, "clusterMetrics"> = {},
): Resources {
  const stacks = synthStacks((app) => {
    const stack = new TerraformStack(app, "monitoring");
    new GoogleProvider(stack, "google");
    const helmProvider = new HelmProvider(stack, "helm");
    const kubernetesProvider = new KubernetesProvider(stack, "kubernetes");
    monitoring.install(stack, {
      ...FACTS,
      ...more,
      telemetry,
      connection: { helmProvider, kubernetesProvider },
      labels: { team: "network" },
    });
  });
  return (stacks["monitoring"] as unknown as { readonly resource?: Resources }).resource ?? {};
}

/** The Helm values of a release; those of monitoring hold no tokens, so there is one layer of them. */
export function helmValues(resources: Resources, release: string): HelmValues {
  const layers = resources["helm_release"]?.[release]?.["values"] as readonly HelmValues[];
  expect(layers).toHaveLength(1);
  return layers[0]!;
}

/** A Kubernetes object as a release applies it. */
export interface AppliedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The objects of a ManifestRelease, by their keys' order. */
export function appliedManifests(resources: Resources, release: string): AppliedManifest[] {
  return Object.values(helmValues(resources, release)["manifests"] as unknown as Record<string, AppliedManifest>);
}

/** Every resource of a stack as `type.name`, sorted. */
export function addresses(resources: Resources): string[] {
  return Object.entries(resources)
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();
}
