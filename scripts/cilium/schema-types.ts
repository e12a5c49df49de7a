/** A node of the chart's values.schema.json, as far as it is used there. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/**
 * The types of every property: path to alternatives, separated by `|`. A word is a type (`string`, `string[]`,
 * `integer(0..255)`), anything in quotes is a value by itself.
 */
export function schemaTypes(schema: JsonSchema): Map<string, string> {
  const types = new Map<string, string>();
  const walk = (node: JsonSchema, path: string) => {
    const alternatives = alternativesOf(node);
    if (path !== "" && alternatives.length > 0) types.set(path, alternatives.join("|"));
    for (const [name, below] of Object.entries(node.properties ?? {}))
      walk(below, path === "" ? name : `${path}.${name}`);
  };
  walk(schema, "");
  return types;
}

function alternativesOf(node: JsonSchema): string[] {
  if (node.oneOf !== undefined) return node.oneOf.flatMap(alternativesOf);
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value));
  const types = typeof node.type === "string" ? [node.type] : (node.type ?? []);
  return types.map((type) => {
    if (type === "array") return `${itemType(node.items) ?? "any"}[]`;
    if (node.minimum !== undefined || node.maximum !== undefined)
      return type === "integer" ? `${type}(${node.minimum ?? ""}..${node.maximum ?? ""})` : type;
    return type;
  });
}

/** The one type that all items have. */
function itemType(items: JsonSchema | undefined): string | undefined {
  const types = new Set((items?.anyOf ?? []).map((item) => (item.properties === undefined ? item.type : "object")));
  const [only] = types;
  return types.size === 1 && typeof only === "string" ? only : undefined;
}
