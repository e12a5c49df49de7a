import { TerraformStack, Testing } from "cdktf";
import { withoutTokenTraces } from "../../lib/environment/token-traces";
import {
  type ClusterDatapath,
  GkeCluster,
  type GkeClusterOptions,
  GkeNetwork,
  type GkeNetworkProps,
} from "../../lib/gke";
import { testApp } from "../support/app";
import { LEGACY } from "./support";

/** Attributes of a synthesized block. Tests know what they look for, and a wrong guess fails them. */
// biome-ignore lint/suspicious/noExplicitAny: parsed JSON of any shape
export type Json = any;

/** A stack of its own, as parsed Terraform. */
export function synth(build: (stack: TerraformStack) => void): Json {
  return withoutTokenTraces(() => {
    const stack = new TerraformStack(testApp(), "stack");
    build(stack);
    return JSON.parse(Testing.synth(stack));
  });
}

/** The only resource of a type. */
export function only(json: Json, type: string): Json {
  const resources = Object.values(json.resource?.[type] ?? {});
  expect(resources).toHaveLength(1);
  return resources[0];
}

export const NETWORK: GkeNetworkProps = {
  name: "staging",
  project: "acme-staging",
  region: "asia-northeast1",
  nodes: "10.16.0.0/20",
  pods: "10.20.0.0/14",
  services: "10.24.0.0/20",
};

/** What a test changes of a cluster. */
export interface ClusterVariant extends GkeClusterOptions {
  readonly name?: string;
  readonly location?: string;
  readonly datapath?: ClusterDatapath;
  readonly network?: Partial<GkeNetworkProps>;
}

/** A network and a cluster in it. */
export function createCluster(stack: TerraformStack, { network, ...variant }: ClusterVariant = {}): GkeCluster {
  return new GkeCluster(stack, "cluster", {
    name: "staging",
    project: "acme-staging",
    location: "asia-northeast1",
    datapath: LEGACY,
    ...variant,
    network: new GkeNetwork(stack, "network", { ...NETWORK, ...network }),
  });
}

/** Many clusters in one stack, as `cluster-0` and so on: one synthesis for a whole table. */
export function createClusters(variants: readonly ClusterVariant[]): Json {
  return synth((stack) => {
    variants.forEach(({ network, ...variant }, index) => {
      new GkeCluster(stack, `cluster-${index}`, {
        name: "staging",
        project: "acme-staging",
        location: "asia-northeast1",
        datapath: LEGACY,
        ...variant,
        network: new GkeNetwork(stack, `network-${index}`, { ...NETWORK, ...network }),
      });
    });
  });
}
