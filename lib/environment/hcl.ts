/** What cdktf hands to its renderer for one element: attributes by name, blocks within blocks. */
export type HclFragment = Readonly<Record<string, unknown>>;

/** Arguments of `lifecycle` that are expressions and no text. */
const REFERENCES = new Set(["ignore_changes", "replace_triggered_by"]);
/** Blocks of `lifecycle`. */
const CONDITIONS = new Set(["precondition", "postcondition"]);

/**
 * Makes of a fragment what cdktf 0.21's renderer of HCL writes correctly: it writes conditions as attributes, references in
 * quotes, and text with quotes or line ends in a map as it is.
 */
export function renderable(fragment: HclFragment): HclFragment {
  return mapped(fragment, (section, name) => {
    if (!isMap(section)) return section;
    if (name === "resource" || name === "data")
      return mapped(section, (named) => (isMap(named) ? mapped(named, attributes) : named));
    return name === "provider" ? mapped(section, provider) : section;
  });
}

/** `terraform { required_version = … }`: the renderer takes a list of names for the other arguments of that block. */
export function requiredVersion(version: string): string {
  return `terraform {\n  required_version = ${JSON.stringify(version)}\n}\n`;
}

/** Helm's provider 3 takes as attributes what its bindings still call blocks. */
function provider(instances: unknown, name: string): unknown {
  if (name !== "helm" || !Array.isArray(instances)) return instances;
  return instances.map((instance) =>
    isMap(instance)
      ? mapped(instance, (value) => (isBlock(value) ? { type: "any", value: plain(value) } : value))
      : instance,
  );
}

/** Values without their types. */
function plain(given: unknown): unknown {
  if (isMap(given) && "value" in given) return plain(given["value"]);
  if (Array.isArray(given)) return given.map(plain);
  if (isMap(given))
    return Object.fromEntries(
      Object.entries(mapped(given, plain)).filter(([, value]) => value !== undefined && value !== null),
    );
  return typeof given === "string" ? inQuotes(given) : given;
}

function attributes(given: unknown): unknown {
  return isMap(given)
    ? mapped(given, (value, name) =>
        name === "lifecycle" && isMap(value) && !("value" in value) ? lifecycle(value) : typed(value),
      )
    : given;
}

/** A value with its type beside it; text in it, however deep, is written as the renderer expects it. */
function typed(given: unknown): unknown {
  if (!isMap(given) || !("value" in given)) return given;
  return { ...given, value: isBlock(given) ? blocks(given["value"]) : escaped(given["value"]) };
}

function blocks(value: unknown): unknown {
  return Array.isArray(value) ? value.map(attributes) : attributes(value);
}

function escaped(value: unknown): unknown {
  if (typeof value === "string") return inQuotes(value);
  if (Array.isArray(value)) return value.map(escaped);
  return isMap(value) ? mapped(value, escaped) : value;
}

function lifecycle(given: HclFragment): HclFragment {
  return {
    isBlock: true,
    type: "object",
    value: mapped(given, (value, name) => {
      if (REFERENCES.has(name))
        return value === "all" || !Array.isArray(value)
          ? { type: "reference", value }
          : { type: "reference", value: `[${value.join(", ")}]` };
      if (!CONDITIONS.has(name) || !Array.isArray(value)) return value;
      return {
        isBlock: true,
        type: "list",
        storageClassType: "object",
        value: value.map((each) =>
          isMap(each)
            ? mapped(each, (part) => ({
                type: "simple",
                storageClassType: "string",
                value: inQuotes(String(part)),
              }))
            : each,
        ),
      };
    }),
  };
}

/** What stands between the quotes of a template: literal parts escaped, interpolations as they are. */
function inQuotes(template: string): string {
  let text = "";
  for (let at = 0; at < template.length; ) {
    const character = template[at] as string;
    if (character === "$" && template[at + 1] === "$") {
      text += "$$";
      at += 2;
    } else if (character === "$" && template[at + 1] === "{") {
      const end = endOfInterpolation(template, at + 2);
      text += template.slice(at, end);
      at = end;
    } else {
      text += ESCAPES[character] ?? character;
      at += 1;
    }
  }
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Behind the brace that closes an interpolation; text in quotes within it may hold braces of its own. */
function endOfInterpolation(template: string, from: number): number {
  let depth = 1;
  let isQuoted = false;
  for (let at = from; at < template.length; at += 1) {
    const character = template[at];
    if (character === "\\") at += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && character === "{") depth += 1;
    else if (!isQuoted && character === "}") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return template.length;
}

/** Fragments of providers have their keys in snake case already. */
function isBlock(given: unknown): given is HclFragment {
  return isMap(given) && (given["isBlock"] === true || given["is_block"] === true);
}

function mapped(map: HclFragment, change: (value: unknown, key: string) => unknown): HclFragment {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

function isMap(value: unknown): value is HclFragment {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
