import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Token } from "cdktf";
import {
  CiliumRelease,
  type HelmValue,
  type HelmValues,
  isValuesMap,
  mergeValues,
  parseKnownValues,
} from "../../lib/cilium";
import { Environment, type EnvironmentDefinition } from "../../lib/environment";

/** In place of what only the cluster can tell: the address of its API server. */
export const API_SERVER = "10.1.2.3";

/** A Cilium release as an environment's Terraform has it. */
export interface SynthesizedRelease {
  /** Values as Helm will get them, tokens replaced by {@link API_SERVER}. */
  readonly values: HelmValues;
  /** Attributes of the `helm_release`. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** Taints of the environment's node pools as Kubernetes writes them, `key=value:effect`. */
  readonly taints: readonly string[];
}

/** Synthesizes an environment for real and reads its Cilium release back from cdk.tf.json. */
export function synthesizedRelease(definition: EnvironmentDefinition): SynthesizedRelease {
  const outdir = mkdtempSync(join(tmpdir(), "chart-test-"));
  try {
    const app = new App({ outdir, stackTraces: false });
    const { networking } = new Environment(app, definition);
    const construct = networking.node.findAll().find((each): each is CiliumRelease => each instanceof CiliumRelease);
    if (construct === undefined) throw new Error(`${definition.name} has no Cilium release`);
    app.synth();
    const resource = resources(outdir, `${definition.name}-networking`, "helm_release")["cilium"];
    if (resource === undefined) throw new Error(`${definition.name}-networking has no helm_release.cilium`);
    const [known = ""] = resource["values"] as string[];
    const pools = Object.values(resources(outdir, `${definition.name}-cluster`, "google_container_node_pool"));
    return {
      values: mergeValues(parseKnownValues(known), tokensOf(construct.values), firstMinor(outdir, definition.name)),
      resource,
      taints: [...new Set(pools.flatMap(taintsOf))],
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

type Resource = Record<string, unknown>;

/** What the state will remember as the minor that was installed first. */
function firstMinor(outdir: string, name: string): HelmValues {
  const memories = Object.values(resources(outdir, `${name}-networking`, "terraform_data"));
  const input = memories.map((memory) => memory["input"] as { minor?: string } | undefined).find((each) => each?.minor);
  return { upgradeCompatibility: input?.minor };
}

function resources(outdir: string, stack: string, type: string): Record<string, Resource> {
  const text = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
  return (JSON.parse(text) as { resource: Record<string, Record<string, Resource>> }).resource[type] ?? {};
}

/** The part of the values that holds tokens, each replaced. */
function tokensOf(values: HelmValues): HelmValues {
  const entries: [string, HelmValue][] = [];
  for (const [key, value] of Object.entries(values)) {
    if (isValuesMap(value)) {
      const below = tokensOf(value);
      if (Object.keys(below).length > 0) entries.push([key, below]);
    } else if (Token.isUnresolved(value)) entries.push([key, API_SERVER]);
  }
  return Object.fromEntries(entries);
}

function taintsOf(pool: Resource): string[] {
  const config = pool["node_config"] as { taint?: { key: string; value: string; effect: string }[] };
  return (config.taint ?? []).map(({ key, value, effect }) => `${key}=${value}:${effect}`);
}
