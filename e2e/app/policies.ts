import { join } from "node:path";
import type { EnvironmentDefinition } from "../../lib/environment";
import type { PoliciesOptions, PolicyObject } from "../../lib/policy";
import { packageRoot } from "../../sandbox/paths";
import type { Variation } from "./variations/variation";

/** Files that stand beside the objects, as most teams keep them. */
const DIRECTORY = join(packageRoot(), "e2e/app/policy-files");

/** Who may reach the shop's pods, in Cilium's words. */
const allowed = (from: string): PolicyObject => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name: "shop-allowed" },
  spec: {
    endpointSelector: { matchLabels: { "k8s:io.kubernetes.pod.namespace": "shop", app: "web" } },
    ingress: [{ fromEntities: ["cluster"] }, { fromCIDR: [from] }],
  },
});

const group: PolicyObject = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumCIDRGroup",
  metadata: { name: "partners" },
  spec: { externalCIDRs: ["198.51.100.0/24"] },
};

const partners: PolicyObject = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name: "partners", namespace: "shop" },
  spec: {
    endpointSelector: { matchLabels: { app: "api" } },
    ingress: [
      { fromCIDRSet: [{ cidrGroupRef: "partners" }], toPorts: [{ ports: [{ port: "8443", protocol: "TCP" }] }] },
    ],
  },
};

/** What each environment's dataplane enforces beyond NetworkPolicy. */
const OWN: Readonly<Record<string, readonly PolicyObject[]>> = {
  dev: [group, partners],
  staging: [group, partners],
  prod: [],
};

/** Environments whose dataplane knows names. */
const WITH_NAMES = ["staging", "prod"];

function policies(name: string, from: string): PoliciesOptions {
  return {
    directories: [DIRECTORY],
    objects: [...(OWN[name] ?? []), allowed(from)],
    baselines: [
      {
        namespaces: ["lab"],
        isolation: true,
        metadataServer: { "workload-identity": "true" },
        ...(WITH_NAMES.includes(name) && { internet: ["api.example.com", "*.googleapis.com"] }),
      },
    ],
  };
}

/** `policies=all`: every kind that the dataplane enforces; `policies=other`: the same with one changed and one gone. */
export const policiesVariation: Variation = (definition: EnvironmentDefinition, value) => {
  const all = policies(definition.name, value === "all" ? "198.51.100.0/24" : "198.51.100.0/25");
  if (value === "all") return { ...definition, policies: all };
  return { ...definition, policies: { ...all, baselines: [{ namespaces: ["lab"] }] } };
};
