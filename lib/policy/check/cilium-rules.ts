import { closest, isKnown } from "../../validation";
import { rangeFault, rangeOf } from "./addresses";
import { type Fault, type FieldPath, type Fields, fieldOf, isFields, itemsOf } from "./fault";
import { icmpFaults } from "./icmp";
import { portFaults } from "./ports";

/** The blocks of a rule, and whether each is of what comes in. */
const BLOCKS = [
  ["ingress", true],
  ["ingressDeny", true],
  ["egress", false],
  ["egressDeny", false],
] as const;

/** Fields that say whom a block is about; one of them at a time. */
const PEERS = {
  in: ["fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", "fromNodes", "fromGroups"],
  out: ["toEndpoints", "toCIDR", "toCIDRSet", "toEntities", "toServices", "toGroups", "toNodes", "toFQDNs"],
} as const;

/** One block of a rule of Cilium's, with the place where it stands. */
export interface CiliumBlock {
  readonly block: Fields;
  readonly path: FieldPath;
  readonly incoming: boolean;
  readonly denies: boolean;
  /** The rule that it belongs to. */
  readonly rule: Fields;
}

/** Every rule of a policy of Cilium's: `spec`, and each of `specs`. */
export function ciliumRules(object: Fields): { readonly rule: Fields; readonly path: FieldPath }[] {
  const { spec, specs } = object;
  return [
    ...(isFields(spec) ? [{ rule: spec, path: ["spec"] }] : []),
    ...itemsOf(specs).flatMap((rule, index) => (isFields(rule) ? [{ rule, path: ["specs", index] }] : [])),
  ];
}

/** Blocks of rules that were taken apart already: every check goes through all of them. */
const known = new WeakMap<Fields, { readonly path: string; readonly blocks: readonly CiliumBlock[] }>();

/** Every block of a rule. */
export function blocksOf(rule: Fields, path: FieldPath): readonly CiliumBlock[] {
  const key = String(path);
  const before = known.get(rule);
  if (before?.path === key) return before.blocks;
  const blocks = BLOCKS.flatMap(([name, incoming]) =>
    itemsOf(rule[name]).flatMap((block, index) =>
      isFields(block) ? [{ block, path: [...path, name, index], incoming, denies: name.endsWith("Deny"), rule }] : [],
    ),
  );
  known.set(rule, { path: key, blocks });
  return blocks;
}

/**
 * What the API server takes and the agent does not (cilium v1.20.2, pkg/policy/api/rule_validation.go): the policy would
 * be there, and not in force.
 */
export function ciliumRuleFaults(object: Fields): Fault[] {
  return ciliumRules(object).flatMap(({ rule, path }) => [
    ...ruleFaults(rule, path, object["kind"] === "CiliumNetworkPolicy"),
    ...blocksOf(rule, path).flatMap((each) => [...peerFaults(each), ...portRuleFaults(each)]),
  ]);
}

function ruleFaults(rule: Fields, path: FieldPath, namespaced: boolean): Fault[] {
  const faults: Fault[] = [];
  if (namespaced && rule["nodeSelector"] !== undefined)
    faults.push({
      path: [...path, "nodeSelector"],
      rule: "selects nodes, which have no namespace",
      remedy: "write a CiliumClusterwideNetworkPolicy, or endpointSelector",
    });
  const isEmpty = BLOCKS.every(([name]) =>
    isKnown(rule[name]) ? itemsOf(rule[name]).length === 0 : rule[name] === undefined,
  );
  // What is misspelt is told by the schema, and most likely the rule's only block.
  const names = BLOCKS.map(([name]) => name);
  const strange = isEmpty ? Object.keys(rule).filter((name) => !names.some((known) => known === name)) : [];
  if (isEmpty && !strange.some((name) => closest(name, names).length > 0))
    faults.push({
      path,
      rule: "has no item in any of ingress, ingressDeny, egress and egressDeny, and the agent refuses such a rule",
      remedy: "write ingress: [{}] to allow nothing in, or egress: [{}] to allow nothing out",
    });
  return faults;
}

function peerFaults({ block, path, incoming, denies }: CiliumBlock): Fault[] {
  const faults: Fault[] = [];
  const given = (incoming ? PEERS.in : PEERS.out).filter((name) => itemsOf(block[name]).length > 0);
  if (given.length > 1)
    faults.push({
      path,
      rule: `combines ${given.join(" and ")}, and the agent takes one of them in a rule`,
      remedy: "write a rule of its own for each",
    });
  if (denies && block["toFQDNs"] !== undefined)
    faults.push({
      path: [...path, "toFQDNs"],
      rule: "cannot be denied by name",
      remedy: "allow names, and nothing else",
    });
  if (itemsOf(block["icmps"]).length > 0 && itemsOf(block["toPorts"]).length > 0)
    faults.push({ path, rule: "has both icmps and toPorts", remedy: "write a rule of its own for each" });
  faults.push(...icmpFaults(block, path));
  for (const name of ["fromCIDRSet", "toCIDRSet"])
    itemsOf(block[name]).forEach((set, index) => {
      faults.push(...setFaults(set, [...path, name, index]));
    });
  return faults;
}

function setFaults(set: unknown, path: FieldPath): Fault[] {
  const cidr = fieldOf(set, "cidr");
  if (typeof cidr !== "string" || !isKnown(cidr) || rangeFault(cidr) !== undefined) return [];
  const whole = rangeOf(cidr);
  return itemsOf(fieldOf(set, "except")).flatMap((except, index) => {
    if (typeof except !== "string" || !isKnown(except) || rangeFault(except) !== undefined) return [];
    const part = rangeOf(except);
    const within =
      whole === undefined ? part === undefined : part && whole.first <= part.first && part.last <= whole.last;
    if (within) return [];
    return [
      {
        path: [...path, "except", index],
        value: except,
        rule: `does not lie in ${cidr}`,
        remedy: "leave it out, or widen cidr",
      },
    ];
  });
}

function portRuleFaults({ block, path, incoming, denies, rule }: CiliumBlock): Fault[] {
  return itemsOf(block["toPorts"]).flatMap((item, index) => {
    if (!isFields(item)) return [];
    const at = [...path, "toPorts", index];
    const rules = isFields(item["rules"]) ? item["rules"] : {};
    const dns = rules["dns"] !== undefined;
    const http = itemsOf(rules["http"]).length > 0;
    const faults = portFaults(item, at, { http, dns });
    const say = (field: string, rule: string, remedy: string) =>
      faults.push({ path: [...at, ...field.split(".")], rule, remedy });
    if (denies && item["rules"] !== undefined)
      say("rules", "is at layer 7, where nothing can be denied", "deny the port, or allow what is wanted");
    if (incoming && itemsOf(rules["dns"]).length > 0)
      say("rules.dns", "is about what comes in, where DNS rules do not work", "write it below egress");
    if (incoming && rule["nodeSelector"] !== undefined && (http || dns))
      say("rules", "is at layer 7, which does not work for nodes", "keep the ports and leave the rules out");
    if (!incoming && rule["nodeSelector"] !== undefined && http)
      say("rules.http", "is at layer 7, which does not work for nodes", "keep the ports and leave the rules out");
    itemsOf(rules["http"]).forEach((request, number) => {
      faults.push(...expressionFaults(request, [...at, "rules", "http", number]));
    });
    const names = itemsOf(item["serverNames"]).length > 0;
    if (names && (http || dns) && item["terminatingTLS"] === undefined)
      say("serverNames", "goes with rules at layer 7 only where terminatingTLS is set", "leave one of the two out");
    if (item["listener"] !== undefined && incoming)
      say("listener", "is about what comes in, where listeners do not work", "write it below egress");
    if (item["listener"] !== undefined && (http || dns))
      say("listener", "does not go with rules at layer 7", "leave one of the two out");
    return faults;
  });
}

/** What RE2, by which requests are compared, has not although JavaScript has it: looking around and referring back. */
const NOT_IN_RE2 = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/** Method, path and host of an HTTP request are regular expressions. */
function expressionFaults(request: unknown, path: FieldPath): Fault[] {
  return ["method", "path", "host"].flatMap((name) => {
    const value = fieldOf(request, name);
    if (typeof value !== "string" || !isKnown(value) || isExpression(value)) return [];
    const remedy = name === "path" ? "write one such as /v1/.*" : "write one such as GET|POST, or .* for any part";
    return [{ path: [...path, name], value, rule: "is not a regular expression that Envoy reads", remedy }];
  });
}

const judged = new Map<string, boolean>();

/** The same few expressions stand in most policies. */
function isExpression(text: string): boolean {
  const before = judged.get(text);
  if (before !== undefined) return before;
  const answer = compiles(text);
  judged.set(text, answer);
  return answer;
}

function compiles(text: string): boolean {
  if (NOT_IN_RE2.test(text)) return false;
  // Groups with names and flags are written otherwise in Go, and are nothing to be wrong about here.
  if (text.includes("(?")) return true;
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
