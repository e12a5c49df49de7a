import { join } from "node:path";
import { App, type TerraformResource } from "cdktf";
import { Environment } from "../environment";
import { initStack, planStack, privateDirectory } from "../preview/run/terraform";
import { type AdoptedResource, type Adoption, addressOf, adoptExisting } from "./adopted";
import { definitionOf } from "./definition";
import { addedLabels, type Difference, differencesOf, type ResourceChange } from "./differences";
import type { Draft } from "./draft";
import type { Found } from "./read";

/** More rounds than attributes show themselves in: one that is left alone may make another visible. */
const MOST_ROUNDS = 4;
/** Provider 6.50 deletes a pool called default-pool where this attribute becomes true. */
const ALWAYS_KEPT = ["remove_default_node_pool"];

/** Everything that is there and can be imported, before anything is known of differences. */
export function importsOf(draft: Draft, { cluster, release }: Found): Adoption {
  const environment = new Environment(new App({ stackTraces: false }), definitionOf(draft));
  const { project, location } = draft;
  const pools = Object.fromEntries(
    [...environment.cluster.nodePools].map(([, pool], index): [string, AdoptedResource] => [
      addressOf(pool.nodePool),
      { id: `${project}/${location}/${cluster.name}/${cluster.nodePools?.[index]?.name ?? ""}` },
    ]),
  );
  const resource: TerraformResource = environment.cluster.cluster.cluster;
  const installed = environment.networking.dataplane.parts.cilium?.release;
  const clusterStack = {
    [addressOf(resource)]: {
      id: `projects/${project}/locations/${location}/clusters/${cluster.name}`,
      keep: draft.cluster["autopilot"] === true ? [] : ALWAYS_KEPT,
    },
    ...pools,
  };
  return {
    [environment.cluster.node.id]: clusterStack,
    ...(release !== undefined && installed !== undefined
      ? { [environment.networking.node.id]: { [addressOf(installed)]: { id: `${release.namespace}/${release.name}` } } }
      : {}),
  };
}

/** Gives each pool that is not called as this library would call it the name that it has. */
export function withPoolNames(draft: Draft, { cluster }: Found): Draft {
  const { nodePools } = new Environment(new App({ stackTraces: false }), definitionOf(draft)).cluster;
  const made = [...nodePools.values()];
  return {
    ...draft,
    nodePools: draft.nodePools.map((pool, index) => {
      const own = made[index]?.name ?? "";
      const name = cluster.nodePools?.[index]?.name ?? "";
      return name === own ? pool : { ...pool, adoptedAs: { name, hash: own.slice(-6) } };
    }),
  };
}

/** What one resource differs in. */
export interface ResourceDifferences {
  readonly stack: string;
  readonly address: string;
  readonly differences: readonly Difference[];
}

/** A change that the first deployment makes nevertheless. */
export interface RemainingChange {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
  readonly labels: Readonly<Record<string, unknown>>;
}

export interface Trial {
  readonly adoption: Adoption;
  readonly kept: readonly ResourceDifferences[];
  readonly remaining: readonly RemainingChange[];
  /** Stacks in which nothing is adopted, and why they could not be planned. */
  readonly notPlanned: Readonly<Record<string, string>>;
}

/**
 * Plans what the definition would do to what exists, and leaves alone whatever differs, until nothing imported is changed
 * any more. Nothing is applied, and no state but a temporary one is read or written.
 *
 * @throws Error with Terraform's own words where a plan fails.
 */
export async function tryOut(draft: Draft, imports: Adoption, onLine: (line: string) => void): Promise<Trial> {
  const scratch = privateDirectory();
  try {
    let adoption = imports;
    const kept = new Map<string, ResourceDifferences>();
    const notPlanned = new Map<string, string>();
    for (let round = 1; ; round += 1) {
      const directories = writeStacks(draft, adoption, join(scratch.path, String(round)));
      const changes: { stack: string; change: ResourceChange }[] = [];
      for (const [stack, directory] of directories) {
        onLine(`terraform plan of ${stack}`);
        const outcome = await planned(directory);
        // Where nothing is adopted nothing can be harmed; the rest is told nevertheless.
        if (typeof outcome === "string" && adoption[stack] !== undefined) throw new Error(outcome);
        if (typeof outcome === "string") notPlanned.set(stack, outcome);
        else for (const change of outcome) changes.push({ stack, change });
      }
      const differing = (thorough: boolean) =>
        changes.flatMap(({ stack, change }): ResourceDifferences[] => {
          const isAdopted = adoption[stack]?.[change.address] !== undefined && change.type !== "helm_release";
          const differences = isAdopted ? differencesOf(change, thorough) : [];
          return differences.length > 0 ? [{ stack, address: change.address, differences }] : [];
        });
      const plain = differing(false);
      const found = plain.length > 0 || changes.every(({ change }) => isHarmless(change)) ? plain : differing(true);
      if (found.length === 0 || round === MOST_ROUNDS)
        return {
          adoption,
          kept: [...kept.values()],
          notPlanned: Object.fromEntries(notPlanned),
          remaining: changes.map(({ stack, change }) => ({
            stack,
            address: change.address,
            type: change.type,
            actions: change.change.actions,
            labels: addedLabels(change),
          })),
        };
      for (const each of found) {
        const id = `${each.stack}/${each.address}`;
        kept.set(id, { ...each, differences: [...(kept.get(id)?.differences ?? []), ...each.differences] });
      }
      adoption = withKept(adoption, found);
    }
  } finally {
    scratch.remove();
  }
}

/** Labels are added in place; whatever is only made is no business of what exists. */
function isHarmless(change: ResourceChange): boolean {
  const { actions } = change.change;
  if (actions.every((action) => action === "create") || change.type === "helm_release") return true;
  return actions.every((action) => action === "update") && Object.keys(addedLabels(change)).length > 0;
}

function withKept(adoption: Adoption, found: readonly ResourceDifferences[]): Adoption {
  const keepOf = (stack: string, address: string) =>
    found
      .filter((each) => each.stack === stack && each.address === address)
      .flatMap(({ differences }) => differences.map(({ path }) => path));
  return mapValues(adoption, (resources, stack) =>
    mapValues(resources, (resource, address) => {
      const keep = [...new Set([...(resource.keep ?? []), ...keepOf(stack, address)])];
      return keep.length > 0 ? { ...resource, keep } : resource;
    }),
  );
}

function mapValues<T>(
  map: Readonly<Record<string, T>>,
  change: (value: T, key: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/** Writes the stacks as the definition will, but for the state, and with nothing to refuse what is only being tried. */
function writeStacks(draft: Draft, adoption: Adoption, output: string): Map<string, string> {
  const app = new App({ stackTraces: false, outdir: output });
  const environment = new Environment(app, definitionOf(draft));
  adoptExisting({ app }, adoption);
  const { cluster } = environment.cluster.cluster;
  cluster.lifecycle = { ...cluster.lifecycle, preventDestroy: undefined };
  app.synth();
  return new Map(
    [environment.cluster, environment.networking].map(({ node: { id } }) => [id, join(output, "stacks", id)]),
  );
}

/** @returns what is planned, or why that is not known. */
async function planned(directory: string): Promise<ResourceChange[] | string> {
  const failure = await initStack(directory);
  if (failure !== undefined) return failure;
  const outcome = await planStack({ directory, file: join(directory, "plan.out"), refresh: true });
  if (outcome.kind === "failed") return outcome.error;
  if (outcome.stderr !== undefined) return outcome.stderr;
  const { resource_changes: changes = [] } = JSON.parse(outcome.json) as { resource_changes?: ResourceChange[] };
  return changes.filter(
    ({ mode, change }) => mode !== "data" && change.actions.some((action) => action !== "no-op" && action !== "read"),
  );
}
