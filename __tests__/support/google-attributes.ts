import table from "../data/google-attributes-6.50.0.json";

/** One attribute of a resource type, as the schema of the provider has it. */
interface Attribute {
  readonly type: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly conflictsWith?: readonly string[];
  readonly exactlyOneOf?: readonly string[];
  readonly atLeastOneOf?: readonly string[];
  readonly requiredWith?: readonly string[];
}
type Attributes = Readonly<Record<string, Attribute>>;
type Config = Readonly<Record<string, unknown>>;

/** Every resource type the table knows, by name. Nested attributes have dotted paths: `node_config.taint.key`. */
export const GOOGLE_ATTRIBUTES = table as unknown as Readonly<Record<string, Attributes>>;

/** What every resource can have, whatever its type. `timeouts` is checked by Terraform itself. */
const META_ARGUMENTS = [
  "//",
  "count",
  "connection",
  "depends_on",
  "for_each",
  "lifecycle",
  "provider",
  "provisioner",
  "timeouts",
];

/**
 * What is wrong with the google resources of a stack: attributes that the pinned provider does not know or only
 * answers, types that do not fit, required ones that are missing, exclusive ones that are there together, blocks that
 * are there too often. Escape hatches are in the JSON too, so nothing gets past it.
 *
 * @param stack Parsed `cdk.tf.json`.
 * @returns One line a problem; empty when all is well.
 */
export function googleAttributeProblems(stack: { readonly resource?: unknown }): string[] {
  return Object.entries((stack.resource ?? {}) as Record<string, Record<string, unknown>>)
    .filter(([type]) => type.startsWith("google_"))
    .flatMap(([type, resources]) =>
      Object.entries(resources).flatMap(([name, config]) =>
        resourceProblems(type, config as Config).map((problem) => `${type}.${name}: ${problem}`),
      ),
    );
}

function resourceProblems(type: string, config: Config): string[] {
  const attributes = GOOGLE_ATTRIBUTES[type];
  if (attributes === undefined) return ["is a resource type that the table does not know"];
  const body = Object.fromEntries(Object.entries(config).filter(([key]) => !META_ARGUMENTS.includes(key)));
  const checker = new Checker(attributes, body);
  checker.block("", body);
  return [...checker.problems, ...ignoredProblems(attributes, config)];
}

class Checker {
  public readonly problems: string[] = [];

  public constructor(
    private readonly attributes: Attributes,
    private readonly root: Config,
  ) {}

  /** Checks one block and all within it. `path` is that of the block in the table, empty for the resource. */
  public block(path: string, config: Config): void {
    const prefix = path === "" ? "" : `${path}.`;
    const given = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
    for (const [key, value] of given) this.attribute(`${prefix}${key}`, value);
    for (const [at, attribute] of childrenOf(this.attributes, path)) {
      const isGiven = given.some(([key]) => `${prefix}${key}` === at);
      if (attribute.required && !isGiven) this.problems.push(`'${at}' is required`);
      if (isGiven) this.together(at, attribute);
      this.choice(at, attribute);
    }
  }

  private attribute(at: string, value: unknown): void {
    const attribute = this.attributes[at];
    if (attribute === undefined) {
      this.problems.push(`'${at}' is not an attribute`);
      return;
    }
    if (!attribute.required && !attribute.optional) {
      this.problems.push(`'${at}' is answered by the API and cannot be set`);
      return;
    }
    if (isExpression(value)) return;
    const isBlock = childrenOf(this.attributes, at).length > 0;
    switch (attribute.type) {
      case "List":
      case "Set":
        this.list(at, attribute, value, isBlock);
        break;
      case "Map":
        if (!isObject(value) || !Object.values(value).every((each) => typeof each === "string"))
          this.problems.push(`'${at}' is not a map of strings`);
        break;
      default:
        if (!fits(attribute.type, value))
          this.problems.push(`'${at}' (${JSON.stringify(value)}) is not a ${attribute.type}`);
    }
  }

  private list(at: string, { min, max }: Attribute, value: unknown, isBlock: boolean): void {
    // One block may be written without the list around it.
    const items = isBlock && isObject(value) ? [value] : value;
    if (!Array.isArray(items)) {
      this.problems.push(`'${at}' is not a list`);
      return;
    }
    if (max !== undefined && items.length > max)
      this.problems.push(`'${at}' is there ${items.length} times, at most ${max}`);
    if (min !== undefined && items.length < min)
      this.problems.push(`'${at}' is there ${items.length} times, at least ${min}`);
    for (const item of items) {
      if (isExpression(item)) continue;
      if (isBlock && isObject(item)) this.block(at, item);
      else if (isBlock || isObject(item) || Array.isArray(item))
        this.problems.push(
          `'${at}' holds ${isBlock ? "something that is not a block" : "something that is not a value"}`,
        );
    }
  }

  /** `conflictsWith` and `requiredWith`: rules of an attribute that is there. */
  private together(at: string, { conflictsWith = [], requiredWith = [] }: Attribute): void {
    for (const other of conflictsWith) {
      if (tablePath(other) !== at && this.isThere(other))
        this.problems.push(`'${at}' conflicts with '${tablePath(other)}'`);
    }
    for (const other of requiredWith) {
      if (!this.isThere(other)) this.problems.push(`'${at}' needs '${tablePath(other)}'`);
    }
  }

  /** `exactlyOneOf` and `atLeastOneOf`: rules of a block that is there, told once and not once for each attribute. */
  private choice(at: string, { exactlyOneOf, atLeastOneOf }: Attribute): void {
    const isFirst = (choices: readonly string[]) => tablePath(choices[0] as string) === at;
    if (exactlyOneOf && isFirst(exactlyOneOf)) {
      const there = exactlyOneOf.filter((each) => this.isThere(each)).length;
      if (there !== 1)
        this.problems.push(`exactly one of ${exactlyOneOf.map(tablePath).join(", ")} is needed, there are ${there}`);
    }
    if (atLeastOneOf && isFirst(atLeastOneOf) && !atLeastOneOf.some((each) => this.isThere(each))) {
      this.problems.push(`at least one of ${atLeastOneOf.map(tablePath).join(", ")} is needed`);
    }
  }

  /** Whether something stands at a path such as `private_cluster_config.0.enable_private_nodes`. */
  private isThere(path: string): boolean {
    let here: unknown = this.root;
    for (const step of path.split(".")) {
      if (isExpression(here)) return true;
      if (/^\d+$/.test(step)) here = Array.isArray(here) ? here[Number(step)] : step === "0" ? here : undefined;
      else here = isObject(here) ? here[step] : undefined;
      if (here === undefined || here === null) return false;
    }
    return true;
  }
}

const CHILDREN = new WeakMap<Attributes, Map<string, [string, Attribute][]>>();

/** The attributes directly within a block; of the resource itself with an empty path. */
function childrenOf(attributes: Attributes, path: string): readonly [string, Attribute][] {
  let byParent = CHILDREN.get(attributes);
  if (byParent === undefined) {
    byParent = new Map();
    for (const entry of Object.entries(attributes)) {
      const parent = entry[0].slice(0, Math.max(0, entry[0].lastIndexOf(".")));
      byParent.set(parent, [...(byParent.get(parent) ?? []), entry]);
    }
    CHILDREN.set(attributes, byParent);
  }
  return byParent.get(path) ?? [];
}

/** What `lifecycle.ignore_changes` names must exist too: Terraform finds out only when it plans. */
function ignoredProblems(attributes: Attributes, { lifecycle }: Config): string[] {
  const ignored = isObject(lifecycle) ? lifecycle["ignore_changes"] : undefined;
  if (!Array.isArray(ignored)) return [];
  return ignored
    .filter((path) => attributes[tablePath(String(path).replace(/\[(\d+)\]/g, ".$1"))] === undefined)
    .map((path) => `lifecycle.ignore_changes names '${path}', which is not an attribute`);
}

/** A path without the indexes of lists, as in the table. */
function tablePath(path: string): string {
  return path
    .split(".")
    .filter((step) => !/^\d+$/.test(step))
    .join(".");
}

/** Whether Terraform computes the value. */
function isExpression(value: unknown): boolean {
  return typeof value === "string" && /(^|[^$])\$\{/.test(value);
}

function isObject(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fits(type: string, value: unknown): boolean {
  switch (type) {
    case "Bool":
      return typeof value === "boolean";
    case "Int":
      return Number.isInteger(value);
    case "Float":
      return typeof value === "number";
    case "String":
      return typeof value === "string";
    default:
      return false;
  }
}
