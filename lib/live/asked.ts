import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { closest } from "../validation";
import { Failure } from "./failure";

type Block = Readonly<Record<string, unknown>>;

/** A synthesized stack, as far as it is read here. */
interface Stack {
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

/** A Cilium release as it was asked for. */
export interface AskedCilium {
  readonly namespace: string;
  readonly version: string;
  /** Values of the chart, as far as they are known before an apply. */
  readonly values: Block;
}

/** What the stacks of an environment ask of a cluster, and how they log in to it. */
export interface Asked {
  readonly environment: string;
  readonly project: string;
  readonly location: string;
  readonly cluster: string;
  readonly endpoint: "dns" | "private" | "public";
  readonly authentication: "gke-gcloud-auth-plugin" | "access-token";
  /** Absent where Google runs Cilium. */
  readonly cilium?: AskedCilium;
  /** `removed` where a DaemonSet takes it away, `kept` where it puts it back or there is none. */
  readonly kubeProxy: "removed" | "kept";
  /** The cluster's datapath, where one of the stacks makes the cluster. */
  readonly datapath?: string;
}

/**
 * Reads what was synthesized for an environment.
 *
 * @param output The directory that cdktf writes to: `cdktf.out`.
 * @throws Failure where there is nothing to read, or it does not say which cluster is meant.
 */
export function readAsked(output: string, environment: string): Asked {
  const names = stacksIn(output);
  if (names.length === 0)
    throw new Failure("error", `there are no stacks in ${output}`, "synthesize first: npm run synth, or cdktf synth");
  // An environment's own three; dev-eu-cluster is not one of dev's. Who names a stack means its environment.
  const meant = names.includes(environment) ? environmentOf(environment) : environment;
  const exact = names.filter((name) => environmentOf(name) === meant);
  const own = exact.length > 0 ? exact : names.filter((name) => name.startsWith(`${environment}-`));
  if (own.length === 0) {
    const known = environmentsIn(output);
    const [near] = closest(environment, known);
    throw new Failure(
      "error",
      `no stack belongs to '${environment}'`,
      near === undefined ? `name one of ${known.join(", ")}` : `did you mean ${near}?`,
    );
  }
  return askedOf(
    meant,
    own.map((name) => readStack(join(output, "stacks", name, "cdk.tf.json"))),
  );
}

/** Names of the environments that were synthesized. */
export function environmentsIn(output: string): string[] {
  return [...new Set(stacksIn(output).map(environmentOf))];
}

function stacksIn(output: string): string[] {
  const directory = join(output, "stacks");
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

function environmentOf(stack: string): string {
  return stack.replace(/-(cluster|networking|monitoring)$/, "");
}

function readStack(file: string): Stack {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Stack;
  } catch (error) {
    throw new Failure("error", `${file} cannot be read: ${(error as Error).message}`, "synthesize anew");
  }
}

/** What these stacks ask for. @throws Failure where they do not say which cluster is meant. */
export function askedOf(environment: string, stacks: readonly Stack[]): Asked {
  const connected = stacks.find((stack) => blocks(stack.data, "google_container_cluster").length > 0);
  const [made] = stacks.flatMap((stack) => blocks(stack.resource, "google_container_cluster"));
  const [looked] = connected ? blocks(connected.data, "google_container_cluster") : [];
  const cluster = looked ?? made;
  if (cluster === undefined)
    throw new Failure("error", `no stack of '${environment}' makes or looks up a cluster`, "name one that does");
  const known = (attribute: string): string => {
    const value = cluster[attribute];
    if (typeof value === "string" && !value.includes("${")) return value;
    throw new Failure(
      "error",
      `the cluster's ${attribute} is known to Terraform alone`,
      "log kubectl in to the cluster, and name its context: --context <name>",
    );
  };
  const login = JSON.stringify(connected?.provider?.["kubernetes"] ?? connected?.provider?.["helm"] ?? {});
  const cilium = stacks.flatMap((stack) => blocks(stack.resource, "helm_release")).find(isCilium);
  return {
    environment,
    project: known("project"),
    location: known("location"),
    cluster: known("name"),
    endpoint: login.includes("private_endpoint") ? "private" : login.includes("public_endpoint") ? "public" : "dns",
    authentication: login.includes('"token"') ? "access-token" : "gke-gcloud-auth-plugin",
    kubeProxy: stacks.some(removesKubeProxy) ? "removed" : "kept",
    ...(cilium && {
      cilium: {
        namespace: String(cilium["namespace"] ?? "default"),
        version: String(cilium["version"] ?? ""),
        values: valuesOf(cilium),
      },
    }),
    ...(typeof made?.["datapath_provider"] === "string" && { datapath: made["datapath_provider"] }),
  };
}

function blocks(of: Stack["resource"], type: string): Block[] {
  return Object.values(of?.[type] ?? {});
}

/** The release of the agents, not one that brings only a part of the chart. */
function isCilium({ chart, values }: Block): boolean {
  return /(^|\/)cilium$/.test(String(chart)) && !JSON.stringify(values ?? "").includes('\\"agent\\":false');
}

/** What Helm is given, layer upon layer; what Terraform fills in is left out. */
function valuesOf({ values }: Block): Block {
  const layers = Array.isArray(values) ? values.filter((layer): layer is string => typeof layer === "string") : [];
  return layers.filter((layer) => !layer.startsWith("${")).reduce<Block>((all, layer) => merge(all, parse(layer)), {});
}

function parse(layer: string): Block {
  const value: unknown = JSON.parse(layer);
  return isBlock(value) ? value : {};
}

function merge(below: Block, above: Block): Block {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isBlock(old) && isBlock(value) ? merge(old, value) : value;
  }
  return merged;
}

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function removesKubeProxy(stack: Stack): boolean {
  return blocks(stack.resource, "kubernetes_daemon_set_v1").some((daemonSet) =>
    /kube-proxy-disabler\.sh","disable"/.test(JSON.stringify(daemonSet)),
  );
}
