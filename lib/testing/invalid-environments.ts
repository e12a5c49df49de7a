import { Dataplane } from "../dataplane";
import type { EnvironmentDefinition } from "../environment";

/** One way in which an environment can be wrong. */
export interface InvalidEnvironment {
  /** What is wrong, in a few words: for the name of a test. */
  readonly title: string;
  /** The property that is told of. */
  readonly property: string;
  /** Makes a sound definition wrong in this way, and in no other that a wrapper of yours could miss. */
  readonly spoil: (sound: EnvironmentDefinition) => EnvironmentDefinition;
}

const POOL = { name: "spoiled", minNodes: 1, maxNodes: 3 };

/** Wrong on purpose: what the compiler would refuse is what a wrapper without types lets through. */
function untyped(definition: object): EnvironmentDefinition {
  return definition as EnvironmentDefinition;
}

/**
 * Mistakes that people make, one each. A wrapper of your own is tried with them: whatever it makes of a definition, each of
 * these must still be refused, under the name of its property.
 *
 * @example
 * test.each(invalidEnvironments)("$title is refused", ({ property, spoil }) => {
 *   expect(() => new PlatformStack(app, spoil(staging))).toThrow(property);
 * });
 */
export const invalidEnvironments: readonly InvalidEnvironment[] = [
  {
    title: "a name with capitals",
    property: "name",
    spoil: (sound) => ({ ...sound, name: "Staging" }),
  },
  {
    title: "a project that comes from a variable that is not set",
    property: "project",
    spoil: ({ project: _, ...sound }) => untyped(sound),
  },
  {
    title: "a continent in place of a region",
    property: "location",
    spoil: (sound) => ({ ...sound, location: "europe" }),
  },
  {
    title: "pods and services in one range",
    property: "network.services",
    spoil: (sound) => ({ ...sound, network: { ...sound.network, services: sound.network.pods } }),
  },
  {
    title: "a range that begins in its middle",
    property: "network.nodes",
    spoil: (sound) => ({ ...sound, network: { ...sound.network, nodes: "10.0.0.7/20" } }),
  },
  {
    title: "no dataplane",
    property: "dataplane",
    spoil: ({ dataplane: _, ...sound }) => untyped(sound),
  },
  {
    title: "a node pool without a limit",
    property: "maxNodes",
    spoil: (sound) => ({ ...sound, nodePools: [{ name: POOL.name }] }),
  },
  {
    title: "fewer nodes at most than at least",
    property: "minNodes",
    spoil: (sound) => ({ ...sound, nodePools: [{ ...POOL, minNodes: 4 }] }),
  },
  {
    title: "a machine type with underscores",
    property: "machineType",
    spoil: (sound) => ({ ...sound, nodePools: [{ ...POOL, machineType: "e2_standard_4" }] }),
  },
  {
    title: "two node pools of one name",
    property: "nodePools[1].name",
    spoil: (sound) => ({ ...sound, nodePools: [POOL, POOL] }),
  },
  {
    title: "an option that does not exist",
    property: "cluster.releaseChanel",
    spoil: (sound) => untyped({ ...sound, cluster: { ...sound.cluster, releaseChanel: "STABLE" } }),
  },
  {
    title: "Autopilot under a Cilium of one's own",
    property: "cluster.autopilot",
    spoil: (sound) => ({
      ...sound,
      dataplane: Dataplane.kubeProxyFree(),
      cluster: { ...sound.cluster, autopilot: true },
    }),
  },
  {
    title: "a value that the chart does not have",
    property: "dataplane.values.hubble.ui.enable",
    spoil: (sound) => ({
      ...sound,
      dataplane: Dataplane.kubeProxyFree({ values: { hubble: { ui: { enable: true } } } }),
    }),
  },
  {
    title: "a value that undoes the dataplane",
    property: "dataplane.values.kubeProxyReplacement",
    spoil: (sound) => ({
      ...sound,
      dataplane: Dataplane.kubeProxyFree({ values: { kubeProxyReplacement: false } }),
    }),
  },
  {
    title: "a startup taint that the autoscaler waits for",
    property: "dataplane.startupTaintKey",
    spoil: (sound) => ({
      ...sound,
      dataplane: Dataplane.kubeProxyFree({ startupTaintKey: "node.cilium.io/agent-not-ready" }),
    }),
  },
];
