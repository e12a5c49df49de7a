import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, GcsBackend, TerraformProvider, TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type AppSpec, type Attributes, PINNED, type StackSpec } from "./spec";

/** What a fixture keeps of a synth. */
export interface RecordedSynth {
  readonly stacks: Readonly<
    Record<string, { readonly dependencies: readonly string[]; readonly template: Attributes }>
  >;
}

const CONFIGURATION: Readonly<Record<string, Attributes>> = {
  google: { project: "acme-dev" },
  // Nobody answers here: planning a release needs no cluster.
  helm: { kubernetes: { host: "https://127.0.0.1:1", token: "none" } },
  kubernetes: { host: "https://127.0.0.1:1", token: "none" },
};

/** Synthesizes an app with cdktf itself. */
export function synthesize(spec: AppSpec, outdir: string): RecordedSynth {
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir });
  const stacks = new Map<string, SpecStack>();
  for (const [name, stack] of Object.entries(spec)) stacks.set(name, new SpecStack(app, name, stack));
  for (const [name, stack] of Object.entries(spec)) {
    for (const dependency of stack.dependsOn ?? []) stacks.get(name)!.addDependency(stacks.get(dependency)!);
  }
  app.synth();
  const recorded = Object.entries(spec).map(([name, { dependsOn }]) => {
    const text = readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
    return [name, { dependencies: dependsOn ?? [], template: normalize(JSON.parse(text)) }] as const;
  });
  return { stacks: Object.fromEntries(recorded) };
}

class PlainProvider extends TerraformProvider {}

class SpecStack extends TerraformStack {
  public constructor(scope: Construct, name: string, spec: StackSpec) {
    super(scope, name);
    if (spec.prefix !== undefined) new GcsBackend(this, { bucket: "acme-states", prefix: spec.prefix });
    for (const type of providersOf(spec)) {
      const attributes = { ...CONFIGURATION[type], ...spec.providers?.[type] };
      this.provider(type, spec.versions?.[type] ?? PINNED[type]!, attributes);
    }
    for (const [address, attributes] of Object.entries(spec.resources)) {
      const [type = "", id = ""] = address.split(".");
      const resource = new TerraformResource(this, id, { terraformResourceType: type });
      for (const [key, value] of Object.entries(attributes)) if (value !== undefined) resource.addOverride(key, value);
    }
    for (const [name, block] of Object.entries(spec.blocks ?? {})) this.addOverride(name, block);
  }

  private provider(type: string, version: string, attributes: Attributes): void {
    const provider = new PlainProvider(this, `${type}-provider`, {
      terraformResourceType: type,
      terraformProviderSource: type,
      terraformGeneratorMetadata: { providerName: type, providerVersion: version },
    });
    for (const [key, value] of Object.entries(attributes)) provider.addOverride(key, value);
  }
}

function providersOf(spec: StackSpec): readonly string[] {
  const types = Object.keys(spec.resources).map((address) => address.split("_")[0]!);
  return [...new Set([...types, ...Object.keys(spec.versions ?? {})])].filter((type) => type in PINNED).sort();
}

/** Without what differs from run to run: the machine's path of the state, construct metadata of the stack. */
function normalize(template: Record<string, unknown>): Attributes {
  return JSON.parse(
    JSON.stringify(template, (key, value) => {
      if (key === "//" && value.metadata?.path === undefined) return undefined;
      if (key === "//") return { metadata: { path: value.metadata.path } };
      if (key === "path" && typeof value === "string" && value.endsWith(".tfstate")) return value.split("/").pop();
      return value;
    }),
  );
}
