import { Dataplane } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";

/** A definition without a problem; a test changes the part it is about. */
export function definition(changes: Partial<EnvironmentDefinition> = {}): EnvironmentDefinition {
  return {
    name: "staging",
    project: "acme-staging",
    location: "asia-northeast1",
    network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
    dataplane: Dataplane.kubeProxyFree(),
    nodePools: [{ name: "general", minNodes: 3, maxNodes: 9 }],
    ...changes,
  };
}

/** One dataplane of each kind with its defaults. */
export const dataplanes: Readonly<Record<string, () => Dataplane>> = {
  "cni-chaining": () => Dataplane.cniChaining(),
  "kube-proxy-free": () => Dataplane.kubeProxyFree(),
  "dataplane-v2": () => Dataplane.v2(),
};

/** An environment for each dataplane, named as it: what the library is tested with, whatever stands in environments/. */
export function oneOfEachDataplane(): EnvironmentDefinition[] {
  return Object.entries(dataplanes).map(([name, dataplane]) => definition({ name, dataplane: dataplane() }));
}
