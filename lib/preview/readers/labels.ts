import type { ProviderSchema } from "../../facts/providers/schema";
import type { ConfiguredResource } from "../model/changes";
import { getPath, isObject, own, type ValueObject } from "../model/value";

/** Name of the provider block a resource is managed by: its `provider`, else what its type begins with. */
export function providerOf(block: ConfiguredResource): string {
  return block.provider ?? block.type.split("_")[0]!;
}

/**
 * Labels that the google provider puts on every object from its `default_labels`, in place of what it computes: with
 * them a change in the provider's block is a change of each object that carries labels.
 */
export class DefaultLabels {
  public constructor(
    private readonly schema: ProviderSchema,
    /** Providers of the base and of the head, filled in as far as can be. */
    private readonly base: ValueObject,
    private readonly head: ValueObject,
  ) {}

  /** `terraform_labels` of an object before and after, where its provider's defaults make a difference to it. */
  public of(old: ConfiguredResource, current: ConfiguredResource): readonly [ValueObject, ValueObject] | undefined {
    if (!this.schema.attribute(current.type, "terraform_labels").output) return undefined;
    const own = ["labels", "resource_labels"].map((name) => getPath(current.config, name)).find(isObject) ?? {};
    const before = { ...defaultsOf(this.base, old), ...own };
    const after = { ...defaultsOf(this.head, current), ...own };
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : [before, after];
  }
}

function defaultsOf(providers: ValueObject, block: ConfiguredResource): ValueObject {
  const labels = getPath(own(providers, providerOf(block)), "default_labels");
  return isObject(labels) ? labels : {};
}
