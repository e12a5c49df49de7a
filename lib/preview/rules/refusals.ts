import { GIVEN } from "../../facts/google/given";
import { evaluateTemplate, type Lookup } from "../hcl/evaluate";
import type { ConfiguredResource, ResourceChange, StackChanges, StackConfig } from "../model/changes";
import { destroys, isEffective } from "../model/changes";
import {
  asBlocks,
  Expression,
  getPath,
  isArray,
  isObject,
  type Step,
  type Value,
  type ValueObject,
} from "../model/value";
import { ignoredPaths, keepIgnored } from "../readers/ignored";
import { dependencies } from "../readers/order";
import { Resolver } from "../readers/resolve";
import { isGuarded } from "./outcome";
import type { Hit } from "./rule";

/** `prevent_destroy` over something that is to be destroyed. */
export function guarded({ resources }: StackChanges): readonly string[] {
  return resources
    .filter((change) => change.kind === "managed" && destroys(change) && isGuarded(change))
    .map(
      ({ address, action }) =>
        `${address} has prevent_destroy, and is to be ${action === "delete" ? "deleted" : "replaced"}`,
    );
}

/**
 * Something that is `create_before_destroy` leaves the configuration while what it depended on is replaced. The state
 * still says create-first of the one, nothing says so of the other any more, and Terraform finds no order.
 */
export function cycles({ base, head, resources }: StackChanges): readonly Hit[] {
  if (!base || !head) return [];
  const inHead = new Set(head.resources.map(({ type, name }) => `${type}.${name}`));
  const leaving = resources.filter(
    (change) =>
      change.kind === "managed" &&
      change.action === "delete" &&
      !inHead.has(`${change.type}.${change.name}`) &&
      String(change.lifecycle?.before?.["create_before_destroy"]) === "true",
  );
  if (leaving.length === 0) return [];
  const replaced = new Map(
    resources
      .filter(({ action, order }) => action === "replace" && order === "delete-first")
      .map((change) => [`${change.type}.${change.name}`, change.address]),
  );
  return leaving.flatMap((change) => {
    const [below] = [...dependencies(base, `${change.type}.${change.name}`)].flatMap(
      (name) => replaced.get(name) ?? [],
    );
    return below === undefined ? [] : [cycleOf(change, below)];
  });
}

function cycleOf({ address }: ResourceChange, below: string): Hit {
  return {
    detail: `Error: Cycle: ${address} has create_before_destroy and goes while ${below}, on which it depends, is replaced`,
    remedy: `Remove ${address} in a pull request of its own, apply that, and come back with the rest.`,
  };
}

/** Conditions that the configuration itself shows to be false: of resources, data sources, outputs and variables. */
export function failing({ mode, base, head, resources }: StackChanges): readonly (string | Hit)[] {
  if (mode !== "offline" || !base || !head) return [];
  const conditions = [...conditionsOf(head, (resource) => left(resource, base, resources))];
  if (conditions.length === 0 || !resources.some(isEffective)) return [];
  const lookup = stateLookup(new Resolver(base), new Resolver(head), base.resources, head.resources);
  return conditions.flatMap(({ owner, condition, self, isLeft }) => {
    const within: Lookup = (root, steps) => (root === "self" && self ? attributeOf(self, steps) : lookup(root, steps));
    if (evaluate(condition["condition"], within) !== false) return [];
    const message = evaluate(condition["error_message"], within);
    const detail = `${owner}: ${typeof message === "string" ? message : "its condition does not hold"}`;
    return [isLeft ? { detail, remedy: DO_IT_FIRST } : detail];
  });
}

/** What Terraform leaves alone may have been changed since, of which no configuration tells. */
const DO_IT_FIRST = "Do what it says before this is merged. Where that has been done, the plan passes.";

/** What an attribute of an object is; a single block may be written without a list around it. */
function attributeOf(self: ValueObject, steps: readonly Step[]): Value | undefined {
  return steps.reduce<Value | undefined>(
    (value, step) => (String(step) === "0" && isObject(value) ? value : getPath(value, String(step))),
    self,
  );
}

/**
 * What an object that stays has of that which Terraform is told to leave alone: what the base says, or else what the
 * cloud gives. Nothing where there is no such thing.
 */
function left(
  { type, name, config, lifecycle }: ConfiguredResource,
  base: StackConfig,
  resources: readonly ResourceChange[],
): ValueObject | undefined {
  const ignored = ignoredPaths(lifecycle);
  const before = base.resources.find((resource) => resource.type === type && resource.name === name);
  const isNew = resources.some(
    (change) => change.type === type && change.name === name && ["create", "replace"].includes(change.action),
  );
  if (ignored.length === 0 || !before || isNew) return undefined;
  return keepIgnored(unwrapped({ ...GIVEN[type], ...before.config }), unwrapped(config), ignored);
}

/** Each single block without the list around it. */
function unwrapped(config: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const [block, ...more] = isArray(value) ? value : [];
      return [key, more.length === 0 && isObject(block) ? block : value];
    }),
  );
}

interface Condition {
  /** Whose it is. */
  readonly owner: string;
  readonly condition: ValueObject;
  /** What `self` stands for. */
  readonly self?: ValueObject;
  /** Whether something in it is not the configuration's. */
  readonly isLeft?: boolean;
}

function* conditionsOf(
  head: StackConfig,
  leftOf: (resource: ConfiguredResource) => ValueObject | undefined,
): Generator<Condition> {
  for (const resource of head.resources) {
    const { kind, type, name, lifecycle, config, repeated } = resource;
    const owner = `${kind === "data" ? "data." : ""}${type}.${name}`;
    for (const condition of asBlocks(lifecycle["precondition"])) yield { owner, condition };
    // Of what is known after the apply only, Terraform asks then.
    const kept = kind === "managed" && !repeated ? leftOf(resource) : undefined;
    const self = kind === "managed" && !repeated ? (kept ?? config) : undefined;
    for (const condition of asBlocks(lifecycle["postcondition"]))
      yield { owner, condition, self, isLeft: kept !== undefined };
  }
  for (const { type, address, value } of head.blocks) {
    const inside = type === "output" ? "precondition" : type === "variable" ? "validation" : undefined;
    const conditions = inside === undefined ? undefined : getPath(value, inside);
    for (const condition of asBlocks(conditions)) yield { owner: address, condition };
  }
}

function evaluate(value: Value | undefined, lookup: Lookup): Value | undefined {
  return value instanceof Expression ? evaluateTemplate(value.text, lookup) : value;
}

/** What an apply of the base left in the state, where the head tells Terraform not to look at it again. */
function stateLookup(
  base: Resolver,
  head: Resolver,
  old: readonly ConfiguredResource[],
  current: readonly ConfiguredResource[],
): Lookup {
  const kept = new Set(old.filter(({ type }) => type === "terraform_data").map(({ name }) => name));
  const ignoring = new Map(current.map(({ type, name, lifecycle }) => [`${type}.${name}`, ignoredPaths(lifecycle)]));
  return (root: string, steps: readonly Step[]) => {
    const [name, attribute, ...rest] = steps;
    if (root !== "terraform_data" || attribute !== "output") return head.lookup(root, steps);
    const ignored = ignoring.get(`${root}.${name}`) ?? [];
    const remembers = kept.has(String(name)) && (ignored.includes("input") || ignored.includes("all"));
    const input = (remembers ? base : head).lookup(root, [name!, "input"]);
    return rest.length === 0 ? input : getPath(input, rest.join("."));
  };
}
