import { lookUp } from "../../facts/look-up";
import { isKnown } from "../../validation";
import { type Fields, fieldOf, isFields, itemsOf, textOf } from "../check/fault";

/** A pod as far as policies can tell pods apart. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Yes, no, or not to be told from what is known at synth. */
export type Answer = boolean | undefined;

/** Whether a condition holds for a label's value, which is undefined where there is none, and "unknown" where nobody knows. */
type Lookup = (key: string) => string | undefined | typeof UNKNOWN_VALUE;
const UNKNOWN_VALUE = Symbol("unknown");

const NAMESPACE_NAME = "kubernetes.io/metadata.name";
const POD_NAMESPACE = "io.kubernetes.pod.namespace";
const NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels.";

/** Whether a label selector of Kubernetes' selects a pod by its own labels. */
export function selectsLabels(selector: unknown, labels: Readonly<Record<string, string>>): Answer {
  return holds(selector, (key) => lookUp(labels, key));
}

/** Whether a selector selects a namespace, of which only the name is known. */
export function selectsNamespace(selector: unknown, namespace: string): Answer {
  return holds(selector, (key) => (key === NAMESPACE_NAME ? namespace : UNKNOWN_VALUE));
}

/** Whether a selector of Cilium's selects a pod; its namespace is a label like any other there. */
export function selectsPod(selector: unknown, pod: Pod): Answer {
  return holds(selector, (written) => {
    const key = written.replace(/^(k8s|any):/, "");
    if (key === POD_NAMESPACE) return pod.namespace;
    if (key === `${NAMESPACE_LABELS}${NAMESPACE_NAME}`) return pod.namespace;
    const value = lookUp(pod.labels, key);
    return value === undefined && key.startsWith("io.cilium.") ? UNKNOWN_VALUE : value;
  });
}

/** Whether a selector of Cilium's says anything about namespaces; else it is about those of its policy's own. */
export function namesNamespace(selector: unknown): boolean {
  const keys = [
    ...Object.keys(isFields(fieldOf(selector, "matchLabels")) ? (fieldOf(selector, "matchLabels") as Fields) : {}),
    ...itemsOf(fieldOf(selector, "matchExpressions")).map((each) => textOf(fieldOf(each, "key"))),
  ];
  return keys.some((key) => key.includes(POD_NAMESPACE) || key.includes(NAMESPACE_LABELS));
}

/** Entities that a selector of Cilium's names as labels: `reserved:host`. */
export function reservedOf(selector: unknown): readonly string[] {
  const labels = fieldOf(selector, "matchLabels");
  return isFields(labels)
    ? Object.keys(labels).flatMap((key) => (key.startsWith("reserved:") ? [key.slice(9)] : []))
    : [];
}

/** A pod that a selector selects, with no label more than it asks for. */
export function exampleOf(selector: unknown, namespace: string): Pod {
  const labels: Record<string, string> = {};
  const given = fieldOf(selector, "matchLabels");
  let within = namespace;
  const set = (written: string, value: string) => {
    const key = written.replace(/^(k8s|any):/, "");
    if (key === POD_NAMESPACE || key === `${NAMESPACE_LABELS}${NAMESPACE_NAME}`) within = value;
    else labels[key] = value;
  };
  if (isFields(given))
    for (const [key, value] of Object.entries(given)) if (typeof value === "string" && isKnown(value)) set(key, value);
  for (const expression of itemsOf(fieldOf(selector, "matchExpressions"))) {
    const { key, operator } = isFields(expression) ? expression : {};
    if (typeof key !== "string") continue;
    if (operator === "In") set(key, textOf(itemsOf(fieldOf(expression, "values"))[0]));
    else if (operator === "Exists") set(key, "any");
  }
  return { namespace: within, labels };
}

function holds(selector: unknown, lookup: Lookup): Answer {
  if (!isKnown(selector) || !isFields(selector)) return undefined;
  let answer: Answer = true;
  const and = (next: Answer) => {
    if (next === false) answer = false;
    else if (next === undefined && answer === true) answer = undefined;
  };
  const labels = selector["matchLabels"];
  if (isFields(labels))
    for (const [key, value] of Object.entries(labels)) and(compared(lookup(key), (found) => found === value, value));
  for (const expression of itemsOf(selector["matchExpressions"])) {
    if (!isFields(expression)) continue;
    const values = itemsOf(expression["values"]);
    const found = lookup(textOf(expression["key"]));
    switch (expression["operator"]) {
      case "In":
        and(compared(found, (value) => values.includes(value), values));
        break;
      case "NotIn":
        and(compared(found, (value) => !values.includes(value), values));
        break;
      case "Exists":
        and(compared(found, (value) => value !== undefined, ""));
        break;
      case "DoesNotExist":
        and(compared(found, (value) => value === undefined, ""));
        break;
    }
  }
  return answer;
}

function compared(
  found: string | undefined | typeof UNKNOWN_VALUE,
  condition: (value: string | undefined) => boolean,
  wanted: unknown,
): Answer {
  return found === UNKNOWN_VALUE || !isKnown(wanted) ? undefined : condition(found);
}
