import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RequiredProviders } from "../toolchain";

/** What the sandbox has to know of a synthesized stack before it can be deployed. */
export interface StackFacts {
  readonly name: string;
  /** Stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
  readonly providers: RequiredProviders;
  /** Project that the google provider works in. */
  readonly projects: readonly string[];
  /** Bucket that the state is kept in, where the backend is `gcs`. */
  readonly stateBucket?: string;
  /** Charts that come out of a repository. */
  readonly charts: readonly ChartReference[];
  readonly clusters: readonly ClusterReference[];
  /** Something in it has `prevent_destroy`. */
  readonly isProtected: boolean;
}

export interface ChartReference {
  readonly repository: string;
  readonly name: string;
  /** Missing where the newest is asked for. */
  readonly version?: string;
}

/** A cluster that a stack creates. */
export interface ClusterReference {
  readonly project: string;
  readonly location: string;
  readonly name: string;
}

/** What cdktf writes about all stacks of an output directory. */
interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly synthesizedStackPath: string; readonly dependencies?: readonly string[] }>
  >;
}

interface StackJson {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, { readonly source?: string; readonly version?: string }>>;
    readonly backend?: { readonly gcs?: { readonly bucket?: string } };
  };
  readonly provider?: { readonly google?: readonly { readonly project?: string }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Every stack of the app that was synthesized into this directory last, by name: folders of earlier ones stay in it. */
export function readStacks(output: string): StackFacts[] {
  const manifest = join(output, "manifest.json");
  if (!existsSync(manifest)) return [];
  const { stacks } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  return Object.keys(stacks)
    .sort()
    .map((name) => {
      const { synthesizedStackPath, dependencies } = stacks[name]!;
      return stackFacts(name, JSON.parse(readFileSync(join(output, synthesizedStackPath), "utf8")), dependencies);
    });
}

/** The facts of one stack. */
export function stackFacts(name: string, stack: StackJson, dependencies: readonly string[] = []): StackFacts {
  const bucket = stack.terraform?.backend?.gcs?.bucket;
  const projects = (stack.provider?.google ?? []).flatMap(({ project }) => (project ? [project] : []));
  return {
    name,
    dependencies,
    providers: Object.fromEntries(
      Object.entries(stack.terraform?.required_providers ?? {}).flatMap(([key, { source = key, version }]) =>
        version ? [[source, version]] : [],
      ),
    ),
    projects,
    ...(bucket ? { stateBucket: bucket } : {}),
    charts: resources(stack, "helm_release").flatMap(({ repository, chart, version }) =>
      typeof repository === "string" && typeof chart === "string"
        ? [{ repository, name: chart, ...(typeof version === "string" ? { version } : {}) }]
        : [],
    ),
    isProtected: Object.values(stack.resource ?? {})
      .flatMap((ofType) => Object.values(ofType))
      .some(
        ({ lifecycle }) => (lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true,
      ),
    clusters: resources(stack, "google_container_cluster").flatMap(({ name: cluster, location, project }) => {
      const owner = typeof project === "string" ? project : projects[0];
      return typeof cluster === "string" && typeof location === "string" && owner
        ? [{ project: owner, location, name: cluster }]
        : [];
    }),
  };
}

/** All providers of some stacks. @throws Error where two stacks pin one provider to different versions. */
export function providersOf(stacks: readonly StackFacts[]): RequiredProviders {
  const all: Record<string, string> = {};
  for (const { name, providers } of stacks)
    for (const [source, version] of Object.entries(providers)) {
      if (all[source] !== undefined && all[source] !== version)
        throw new Error(`${name} pins ${source} ${version}, another stack ${all[source]}; use one version`);
      all[source] = version;
    }
  return all;
}

function resources(stack: StackJson, type: string): Readonly<Record<string, unknown>>[] {
  return Object.values(stack.resource?.[type] ?? {});
}
