import { evaluateTemplate, type Lookup } from "../hcl/evaluate";
import { mapExpressions } from "../model/expressions";
import { asBlocks, getPath, isArray, isObject, own, type Step, type Value, type ValueObject } from "../model/value";

/** More blocks than one `dynamic` ever makes; above it, it is compared as it is written. */
const MOST_BLOCKS = 500;

/**
 * Puts the blocks in that `dynamic` makes, where what it goes over is known: a taint is a taint, however it is written.
 *
 * @param body A block whose expressions are worked out as far as can be.
 */
export function withDynamic(body: ValueObject, lookup: Lookup): ValueObject {
  return holdsDynamic(body) ? expanded(body, lookup) : body;
}

function holdsDynamic(value: Value | undefined): boolean {
  if (isArray(value)) return value.some(holdsDynamic);
  return isObject(value) && (isDynamic(value["dynamic"]) || Object.values(value).some(holdsDynamic));
}

/** `{taint: {for_each: …, content: …}}`. In a map or a document a key of this name is a key. */
function isDynamic(value: Value | undefined): boolean {
  const made = asBlocks(value).flatMap((block) => Object.values(block));
  return (
    made.length > 0 &&
    made.every(
      (block) => asBlocks(block).length > 0 && asBlocks(block).every((one) => "for_each" in one && "content" in one),
    )
  );
}

function expanded(body: ValueObject, lookup: Lookup): ValueObject {
  const dynamic = isDynamic(body["dynamic"]);
  const result: Record<string, Value | undefined> = {};
  for (const [key, value] of Object.entries(body))
    if (key !== "dynamic" || !dynamic) result[key] = below(value, lookup);
  const left: Record<string, Value> = {};
  for (const [label, made] of dynamic ? asBlocks(body["dynamic"]).flatMap((block) => Object.entries(block)) : []) {
    const blocks = asBlocks(made).map((block) => blocksOf(label, block, lookup));
    if (blocks.some((list) => list === undefined)) left[label] = made ?? null;
    else result[label] = [...asBlocks(result[label]), ...blocks.flatMap((list) => list ?? [])];
  }
  if (Object.keys(left).length > 0) result["dynamic"] = left;
  return result;
}

function below(value: Value | undefined, lookup: Lookup): Value | undefined {
  if (isArray(value)) return value.map((item) => (isObject(item) ? expanded(item, lookup) : item));
  return isObject(value) ? expanded(value, lookup) : value;
}

function blocksOf(label: string, block: ValueObject, lookup: Lookup): readonly ValueObject[] | undefined {
  const pairs = pairsOf(block["for_each"]);
  const [content] = asBlocks(block["content"]);
  if (!pairs || !content || pairs.length > MOST_BLOCKS) return undefined;
  const iterator = typeof block["iterator"] === "string" ? block["iterator"] : label;
  return pairs.map(([key, value]) => {
    const within: Lookup = (root, steps) => {
      if (root !== iterator) return lookup(root, steps);
      if (steps[0] === "key") return key;
      return steps[0] === "value" ? (steps.length === 1 ? value : getPath(value, steps.slice(1).join("."))) : undefined;
    };
    return withDynamic(mapExpressions(content, ({ text }) => evaluateTemplate(text, within)) as ValueObject, within);
  });
}

/** Key and value of each turn; nothing where nobody can tell. */
function pairsOf(each: Value | undefined): readonly (readonly [Step, Value])[] | undefined {
  if (isArray(each)) return each.map((value, i) => [typeof value === "string" ? value : i, value] as const);
  return isObject(each) ? Object.keys(each).map((key) => [key, own(each, key) ?? null] as const) : undefined;
}
