import { asBlocks, isArray, isObject, type Value, type ValueObject } from "../model/value";

/** What an edited policy opens or shuts, as far as its form tells. */
export function widened(kind: string, before: Value, after: Value): readonly string[] {
  const cilium = kind.startsWith("Cilium");
  const [old, current] = [before, after].map((spec) => (isArray(spec) ? spec[0] : spec));
  if (!isObject(old) || !isObject(current)) return [];
  const parts: string[] = [];
  for (const key of ["podSelector", "pod_selector", "endpointSelector", "nodeSelector"]) {
    const [from, to] = [old[key], current[key]];
    if (from !== undefined && !selectsAll(from) && selectsAll(to)) parts.push(`${key} now selects everything`);
  }
  for (const direction of ["ingress", "egress"] as const) {
    const [from, to] = [old[direction], current[direction]].map(rulesOf);
    const none = cilium ? closes : denies;
    const had = new Set(opens(from, direction, cilium));
    parts.push(
      ...[...new Set(opens(to, direction, cilium))]
        .filter((what) => !had.has(what))
        .map((what) => `${direction} now ${what}`),
    );
    if (none(to, current, direction) && !none(from, old, direction)) parts.push(`${direction} now denies everything`);
    parts.push(...unguarded(old, current, direction));
  }
  return parts;
}

/** What no longer keeps a direction shut: it is not named any more, its denials are gone, nothing is denied by default. */
function unguarded(old: ValueObject, current: ValueObject, direction: "ingress" | "egress"): readonly string[] {
  const parts: string[] = [];
  const [had, has] = [old, current].map((spec) => typesOf(spec)?.includes(direction));
  if (had === true && has === false) parts.push(`${direction} is no longer restricted`);
  const [denied, kept] = [old, current].map((spec) => rulesOf(spec[`${direction}Deny`])?.length ?? 0) as [
    number,
    number,
  ];
  if (kept < denied) parts.push(`${direction}Deny denies less`);
  const off = ({ enableDefaultDeny }: ValueObject) =>
    isObject(enableDefaultDeny) && enableDefaultDeny[direction] === false;
  if (off(current) && !off(old)) parts.push(`${direction} denies nothing by default any more`);
  return parts;
}

function typesOf(spec: ValueObject): readonly string[] | undefined {
  const types = spec["policyTypes"] ?? spec["policy_types"];
  return isArray(types) ? types.map((type) => String(type).toLowerCase()) : undefined;
}

export function selectsAll(selector: Value | undefined): boolean {
  if (isArray(selector)) return selector.length > 0 && selector.every(selectsAll);
  if (!isObject(selector)) return false;
  return Object.values(selector).every(isNothing);
}

function isNothing(part: Value | undefined): boolean {
  return (
    part === null ||
    part === undefined ||
    (isArray(part) && part.length === 0) ||
    (isObject(part) && Object.keys(part).length === 0)
  );
}

function rulesOf(rules: Value | undefined): readonly Value[] | undefined {
  if (isArray(rules)) return rules;
  return isObject(rules) ? [rules] : undefined;
}

/** Whom the rules of a direction let through who is nobody in particular. */
function opens(
  rules: readonly Value[] | undefined,
  direction: "ingress" | "egress",
  cilium: boolean,
): readonly string[] {
  const side = direction === "ingress" ? "from" : "to";
  return (rules ?? []).filter(isObject).flatMap((rule) => (cilium ? namedPeers(rule, side) : peersOf(rule, side)));
}

/** Kubernetes' own rules: without peers a rule is for everybody. */
function peersOf(rule: ValueObject, side: "from" | "to"): readonly string[] {
  if (selectsAll(rule)) return ["allows everything"];
  if (isNothing(rule[side])) return ["allows everybody, on its ports"];
  return asBlocks(rule[side]).flatMap((peer): string[] => {
    const block = asBlocks(peer["ipBlock"] ?? peer["ip_block"])[0];
    if (block) return isEveryAddress(block["cidr"]) ? ["allows every address"] : [];
    const pods = peer["podSelector"] ?? peer["pod_selector"];
    const spaces = peer["namespaceSelector"] ?? peer["namespace_selector"];
    // A selector without a word selects everything; a list without one is a selector that is not there.
    if (selectsAll(spaces))
      return [`allows ${isNothing(pods) || selectsAll(pods) ? "the" : "such"} pods of all namespaces`];
    return isNothing(spaces) && selectsAll(pods) ? ["allows all pods of the namespace"] : [];
  });
}

/** Cilium's own rules: everybody is a peer, named as such. */
function namedPeers(rule: ValueObject, side: "from" | "to"): readonly string[] {
  const parts: string[] = [];
  const lists = (name: string) => asList(rule[`${side}${name}`]);
  const everybody = ["Endpoints", "Entities", "CIDR"].some((name) =>
    lists(name).some((peer) => selectsAll(peer) || ["all", "0.0.0.0/0"].includes(String(peer))),
  );
  if (everybody) parts.push("allows everything");
  for (const entity of ["world", "cluster", "world-ipv4", "world-ipv6"])
    if (lists("Entities").includes(entity)) parts.push(`allows the entity ${entity}`);
  if (lists("CIDR").includes("::/0") || lists("CIDRSet").some((set) => isObject(set) && isEveryAddress(set["cidr"])))
    parts.push("allows every address");
  if (lists("FQDNs").some((name) => isObject(name) && /^\**\*$/.test(String(name["matchPattern"]))))
    parts.push("allows every name");
  return parts;
}

function asList(value: Value | undefined): readonly Value[] {
  return isArray(value) ? value : [];
}

function isEveryAddress(cidr: Value | undefined): boolean {
  return cidr === "0.0.0.0/0" || cidr === "::/0";
}

/** A list without rules, or a direction that is named and has none. */
function denies(rules: readonly Value[] | undefined, spec: ValueObject, direction: string): boolean {
  if (rules !== undefined && rules.length > 0) return false;
  const types = typesOf(spec);
  return (types?.includes(direction) ?? false) || (rules !== undefined && types === undefined);
}

/** A rule without a word puts the direction into default deny and lets nobody through. */
function closes(rules: readonly Value[] | undefined): boolean {
  return rules !== undefined && rules.length > 0 && rules.every(selectsAll);
}
