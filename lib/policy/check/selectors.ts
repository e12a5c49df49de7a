import { isKnown } from "../../validation";
import { type Fault, type FieldPath, type Fields, isFields, itemsOf } from "./fault";

const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LONGEST_NAME = 63;
const LONGEST_PREFIX = 253;
const DEEPEST = 40;
/** `k8s:app`, `any:app`, `reserved:host`: where a label comes from, in Cilium's selectors. */
const SOURCE = /^(k8s|any|reserved|container|cidrgroup|node|fqdn|unspec):/;

/**
 * What no one refuses in a selector before Cilium or the API server reads it: operators whose values are missing or too
 * many, and keys that are none.
 *
 * @param sources Whether keys may say where a label comes from, as Cilium's do.
 */
export function selectorFaults(value: unknown, path: FieldPath, sources: boolean): Fault[] {
  // No schema goes deeper; what does is refused by it already, and may be a circle.
  if (path.length > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => selectorFaults(item, [...path, index], sources));
  if (!isFields(value)) return [];
  const faults = Object.entries(value).flatMap(([name, each]) =>
    name === "matchLabels" || name === "matchExpressions" ? [] : selectorFaults(each, [...path, name], sources),
  );
  if (isFields(value["matchLabels"]))
    for (const [key, label] of Object.entries(value["matchLabels"]))
      faults.push(
        ...keyFaults(key, [...path, "matchLabels", key], sources),
        ...valueFaults(label, [...path, "matchLabels", key]),
      );
  itemsOf(value["matchExpressions"]).forEach((expression, index) => {
    if (isFields(expression))
      faults.push(...expressionFaults(expression, [...path, "matchExpressions", index], sources));
  });
  return faults;
}

function expressionFaults(expression: Fields, path: FieldPath, sources: boolean): Fault[] {
  const { key, operator, values } = expression;
  const faults = typeof key === "string" ? keyFaults(key, [...path, "key"], sources) : [];
  if (!isKnown(operator) || (values !== undefined && !isKnown(values))) return faults;
  itemsOf(values).forEach((value, index) => {
    faults.push(...valueFaults(value, [...path, "values", index]));
  });
  const count = itemsOf(values).length;
  if ((operator === "In" || operator === "NotIn") && count === 0)
    faults.push({
      path: [...path, "values"],
      rule: `is empty where the operator is ${operator}`,
      remedy: "list the values, or use Exists",
    });
  else if ((operator === "Exists" || operator === "DoesNotExist") && count > 0)
    faults.push({
      path: [...path, "values"],
      rule: `has values where the operator is ${operator}`,
      remedy: "leave them out, or use In",
    });
  else if (typeof operator === "string" && !["In", "NotIn", "Exists", "DoesNotExist"].includes(operator))
    faults.push({
      path: [...path, "operator"],
      value: operator,
      rule: "is not one of In, NotIn, Exists, DoesNotExist",
      remedy: "choose one of them",
    });
  return faults;
}

/** What is wrong with the value of a label. */
export function valueFaults(value: unknown, path: FieldPath): Fault[] {
  if (typeof value !== "string" || !isKnown(value)) return [];
  if (value === "" || (LABEL_NAME.test(value) && value.length <= LONGEST_NAME)) return [];
  return [
    {
      path,
      value,
      rule: "is not a label's value",
      remedy: `use at most ${LONGEST_NAME} letters, digits, -, _ and . that begin and end with a letter or digit`,
    },
  ];
}

/** What is wrong with the key of a label or an annotation. */
export function keyFaults(key: string, path: FieldPath, sources: boolean): Fault[] {
  if (!isKnown(key)) return [];
  const label = sources ? key.replace(SOURCE, "") : key;
  const slash = label.lastIndexOf("/");
  const [prefix, name] = slash === -1 ? ["", label] : [label.slice(0, slash), label.slice(slash + 1)];
  const isPrefix = slash === -1 || /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(prefix);
  if (LABEL_NAME.test(name) && name.length <= LONGEST_NAME && isPrefix && prefix.length <= LONGEST_PREFIX) return [];
  return [
    {
      path,
      value: key,
      rule: "is not the key of a label",
      remedy: `use at most ${LONGEST_NAME} letters, digits, -, _ and ., after a domain and / where it has one`,
    },
  ];
}

/** Whether a selector selects whatever there is. */
export function isEmptySelector(value: unknown): boolean {
  if (!isFields(value) || !isKnown(value)) return false;
  const { matchLabels, matchExpressions } = value;
  const none = (part: unknown) => part === undefined || (isKnown(part) && Object.keys(part as object).length === 0);
  return none(matchLabels) && none(matchExpressions);
}
