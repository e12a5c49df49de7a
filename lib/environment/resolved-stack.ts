import { Aspects, DefaultTokenResolver, TerraformElement, TerraformOutput, TerraformStack, Tokenization } from "cdktf";
import { StringConcat } from "cdktf/lib/tokens/resolvable";
import type { Construct, IConstruct } from "constructs";
import { renderable, requiredVersion } from "./hcl";
import { withoutTokenTraces } from "./token-traces";

type Json = Record<string, unknown>;

const RESOLVER = new DefaultTokenResolver(new StringConcat());

/**
 * A stack whose tokens are resolved once a synth. cdktf resolves every element when it prepares a stack, for references
 * between stacks, again when it writes the stack, and then the whole result a third time: half of the time of a synth.
 *
 * What was resolved while preparing is written, unless an aspect may have changed it since: aspects run in between. The
 * output is the same as cdktf's, which a test compares.
 */
export abstract class ResolvedStack extends TerraformStack {
  private readonly prepared = new Map<TerraformElement, Json>();

  public override prepareStack(): void {
    this.ensureBackendExists();
    this.prepared.clear();
    withoutTokenTraces(() => {
      for (const element of elementsOf(this)) this.prepared.set(element, resolve(this, element.toTerraform(), true));
    });
  }

  public override toTerraform(): Json {
    return withoutTokenTraces(() => this.template());
  }

  /** `cdktf synth --hcl`. cdktf's renderer is given what it can write; a version of Terraform it cannot. */
  public override toHclTerraform(): { readonly hcl: string; readonly metadata: Json } {
    const elements = elementsOf(this);
    const terraform = this["rawOverrides"]["terraform"] as Json | undefined;
    const version = terraform?.["required_version"];
    if (terraform !== undefined) delete terraform["required_version"];
    for (const element of elements) {
      const original = element.toHclTerraform.bind(element);
      Object.defineProperty(element, "toHclTerraform", {
        configurable: true,
        value: () => renderable(resolve(this, original() as Json)),
      });
    }
    try {
      const { hcl, metadata } = super.toHclTerraform() as { hcl: string; metadata: Json };
      return { hcl: typeof version === "string" ? `${requiredVersion(version)}\n${hcl}` : hcl, metadata };
    } finally {
      for (const element of elements) Reflect.deleteProperty(element, "toHclTerraform");
      if (terraform !== undefined && version !== undefined) terraform["required_version"] = version;
    }
  }

  private template(): Json {
    if (hasAspects(this)) this.prepared.clear();
    const elements = elementsOf(this);
    const overrides = this["rawOverrides"] as Json;
    const metadata: Json = {
      version: this["cdktfVersion"],
      stackName: this.node.id,
      backend: "local",
      ...(Object.keys(overrides).length > 0 ? { overrides: { stack: Object.keys(overrides) } } : {}),
    };
    for (const element of elements) merge(metadata, resolve(this, element.toMetadata() as Json));
    const template: Json = { "//": { metadata, outputs: outputsOf(elements) } };
    for (const element of elements) merge(template, this.take(element));
    return this.override(template, overrides);
  }

  /** Overrides are merged as they were written, so that one of `undefined` takes out what stands at its path. */
  private override(target: Json, overrides: Json): Json {
    for (const [key, value] of Object.entries(overrides)) {
      const before = target[key];
      if (value === undefined) delete target[key];
      else if (isMap(value) && !Tokenization.isResolvable(value))
        target[key] = this.override(isMap(before) ? before : {}, value);
      else merge(target, resolve(this, { [key]: value }));
    }
    return target;
  }

  /** An element's part of the template. Only once as it was prepared: it is merged into, and may change afterwards. */
  private take(element: TerraformElement): Json {
    const prepared = this.prepared.get(element);
    this.prepared.delete(element);
    return prepared ?? resolve(this, element.toTerraform() as Json);
  }
}

function resolve(scope: Construct, value: Json, preparing = false): Json {
  return Tokenization.resolve(value, { scope, preparing, resolver: RESOLVER }) as Json;
}

/** Elements of a stack without those of stacks within it. */
function elementsOf(construct: IConstruct, into: TerraformElement[] = []): TerraformElement[] {
  if (TerraformElement.isTerraformElement(construct)) into.push(construct);
  for (const child of construct.node.children) if (!TerraformStack.isStack(child)) elementsOf(child, into);
  return into;
}

/** Whether an aspect visits anything of the stack. cdktf invokes those of the stack and of what is in it. */
function hasAspects(stack: TerraformStack): boolean {
  return stack.node.findAll().some((construct) => Aspects.of(construct).all.length > 0);
}

/** Outputs by their place in the tree, as cdktf's command line reads them. */
function outputsOf(elements: readonly TerraformElement[]): Json {
  const outputs: Json = {};
  for (const element of elements) {
    if (!TerraformOutput.isTerraformOutput(element)) continue;
    const path = element.node.path.split("/");
    merge(
      outputs,
      path.reduceRight<Json>(
        (below, part, index) => ({ [part]: index === path.length - 1 ? element.friendlyUniqueId : below }),
        {},
      ),
    );
  }
  return outputs;
}

/** Merges plain data: maps key by key, lists one after the other, anything else is replaced. */
function merge(target: Json, source: Json): Json {
  for (const [key, value] of Object.entries(source)) {
    const before = target[key];
    if (isMap(value)) target[key] = merge(isMap(before) ? before : {}, value);
    else target[key] = Array.isArray(value) && Array.isArray(before) ? [...before, ...(value as unknown[])] : value;
  }
  return target;
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
