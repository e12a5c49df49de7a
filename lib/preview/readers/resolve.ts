import { evaluateTemplate, type Lookup } from "../hcl/evaluate";
import type { ConfiguredResource, StackConfig } from "../model/changes";
import { mapExpressions } from "../model/expressions";
import { Expression, isArray, isObject, own, type Step, type Value, type ValueObject } from "../model/value";
import { withDynamic } from "./dynamic";

/** More objects than one block ever stands for; above it the block is compared as it is written. */
const MOST_INSTANCES = 2_000;

/** Values that refer to values that refer to values: beyond this they stay expressions. */
const LONGEST_CHAIN = 200;

/** As references and `moved` blocks write it. */
export function addressOf({ kind, type, name, key }: Omit<ConfiguredResource, "config">): string {
  const of = key === undefined ? "" : `[${JSON.stringify(key)}]`;
  return `${kind === "data" ? "data." : ""}${type}.${name}${of}`;
}

/**
 * Puts in what the configuration itself tells: variables by their defaults, locals, attributes of other blocks, functions
 * of all these. Blocks with a `count` or `for_each` that can be worked out become one object each.
 */
export class Resolver {
  private readonly blocks = new Map<string, ConfiguredResource>();
  private readonly instances = new Map<string, readonly ConfiguredResource[]>();
  private readonly locals = new Map<string, Value>();
  private readonly pending = new Set<string>();

  public constructor(private readonly config: StackConfig) {
    for (const block of config.resources) this.blocks.set(addressOf(block), block);
  }

  /** Every object. */
  public resources(): readonly ConfiguredResource[] {
    return this.config.resources.flatMap((block) => this.expand(addressOf(block)) ?? [block]);
  }

  /** A value with everything filled in that can be. */
  public resolve(value: Value): Value {
    return this.fill(value, this.lookup);
  }

  /** Index or key of every instance, one without a key where there is no repetition; nothing where nobody can tell. */
  public keys(meta: ValueObject): readonly (Step | undefined)[] | undefined {
    if (!("count" in meta || "for_each" in meta)) return [undefined];
    return this.keysOf(meta)?.map(([key]) => key);
  }

  /** Providers by name, as references and aliases write it. */
  public providers(): ValueObject {
    return this.resolve(this.config.providers as ValueObject) as ValueObject;
  }

  public readonly lookup: Lookup = (root, steps) => {
    const [first, second, ...rest] = steps;
    if (root === "var" && typeof first === "string")
      return at(own(this.config.variables, first), ["default", ...steps.slice(1)]);
    if (root === "local" && typeof first === "string") return at(this.local(first), steps.slice(1));
    const data = root === "data";
    const address = data ? `data.${first}.${second}` : `${root}.${first}`;
    return this.attribute(address, data ? rest : steps.slice(1));
  };

  private fill(value: Value, lookup: Lookup): Value {
    return mapExpressions(value, ({ text }) => evaluateTemplate(text, lookup));
  }

  /** Nothing where it depends on itself: Terraform will say so. */
  private guarded<T>(name: string, work: () => T): T | undefined {
    if (this.pending.has(name) || this.pending.size > LONGEST_CHAIN) return undefined;
    this.pending.add(name);
    try {
      return work();
    } finally {
      this.pending.delete(name);
    }
  }

  private local(name: string): Value | undefined {
    if (!this.locals.has(name)) {
      const raw = own(this.config.locals, name);
      const value = raw === undefined ? undefined : this.guarded(`local.${name}`, () => this.resolve(raw));
      if (value === undefined) return undefined;
      this.locals.set(name, value);
    }
    return this.locals.get(name);
  }

  private attribute(address: string, steps: readonly Step[]): Value | undefined {
    const all = this.expand(address);
    const block = this.blocks.get(address);
    if (!all || !block) return undefined;
    const repeated = isRepeated(block);
    const object = repeated ? all.find(({ key }) => key === steps[0]) : all[0];
    const path = repeated ? steps.slice(1) : steps;
    // What is not written is the provider's to say; so is a null, which means the same.
    return object && path.length > 0 ? (within(object.config, path) ?? undefined) : undefined;
  }

  /** The objects of a block, or undefined while they are being worked out or where nobody can tell. */
  private expand(address: string): readonly ConfiguredResource[] | undefined {
    const known = this.instances.get(address);
    const block = this.blocks.get(address);
    if (known || !block) return known;
    const objects = this.guarded(address, () => this.objectsOf(block));
    if (objects) this.instances.set(address, objects);
    return objects;
  }

  private objectsOf(block: ConfiguredResource): readonly ConfiguredResource[] {
    const one = (more: Partial<ConfiguredResource>, lookup: Lookup): ConfiguredResource => ({
      ...block,
      ...more,
      config: withDynamic(this.fill(block.config, lookup) as ValueObject, lookup),
    });
    if (!isRepeated(block)) return [one({ repeated: false }, this.lookup)];
    const keys = this.keysOf(block.meta);
    if (!keys || keys.length > MOST_INSTANCES)
      return [one({ repeated: true, meta: this.fill(block.meta, this.lookup) as ValueObject }, this.lookup)];
    return keys.map(([key, value]) => one({ repeated: false, key }, this.withKey(key, value)));
  }

  private withKey(key: Step, value: Value): Lookup {
    return (root, steps) => {
      if (root === "count" && steps[0] === "index") return key;
      if (root === "each" && steps[0] === "key") return key;
      if (root === "each" && steps[0] === "value") return at(value, steps.slice(1));
      return this.lookup(root, steps);
    };
  }

  /** Index or key of every object, with what `each.value` is for it. */
  private keysOf(meta: ValueObject): readonly (readonly [Step, Value])[] | undefined {
    const [count, each] = [meta["count"], meta["for_each"]].map((v) => (v === undefined ? undefined : this.resolve(v)));
    if (count !== undefined) {
      const n = typeof count === "string" && /^\d+$/.test(count) ? Number(count) : count;
      return typeof n === "number" && n >= 0 && n <= MOST_INSTANCES
        ? Array.from({ length: n }, (_, i) => [i, i] as const)
        : undefined;
    }
    if (isObject(each)) return Object.entries(each).map(([key, value]) => [key, value ?? null] as const);
    if (!isArray(each) || !each.every((item) => typeof item === "string")) return undefined;
    return [...new Set(each as readonly string[])].map((key) => [key, key] as const);
  }
}

function isRepeated({ meta }: ConfiguredResource): boolean {
  return "count" in meta || "for_each" in meta;
}

/** A value below a block, which may be written as an object or as a list of one. */
function within(value: Value, steps: readonly Step[]): Value | undefined {
  let current: Value | undefined = value;
  for (const step of steps) {
    if (isArray(current)) {
      if (typeof step === "number") {
        current = current[step];
        continue;
      }
      current = current.length === 1 ? current[0] : undefined;
    }
    if (isObject(current)) current = step === 0 ? current : own(current, String(step));
    else return undefined;
  }
  return current;
}

function at(value: Value | undefined, steps: readonly Step[]): Value | undefined {
  let current = value;
  for (const step of steps) {
    if (current instanceof Expression) return undefined;
    if (isArray(current)) current = current[Number(step)];
    else if (isObject(current)) current = own(current, String(step));
    else return undefined;
  }
  return current;
}
