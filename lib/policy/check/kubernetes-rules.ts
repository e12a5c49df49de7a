import { closest, isKnown } from "../../validation";
import { rangeFault, rangeOf, rangeRemedy } from "./addresses";
import { type Fault, type FieldPath, type Fields, fieldOf, isFields, itemsOf } from "./fault";
import { kubernetesPortFaults } from "./ports";

const DIRECTIONS = [
  ["ingress", "from"],
  ["egress", "to"],
] as const;

/** One peer of a NetworkPolicy, with the place where it stands. */
export interface KubernetesPeer {
  readonly peer: Fields;
  readonly path: FieldPath;
}

/** Every peer of a NetworkPolicy. */
export function peersOf(object: Fields): KubernetesPeer[] {
  return DIRECTIONS.flatMap(([direction, peers]) =>
    itemsOf(fieldOf(object["spec"], direction)).flatMap((rule, index) =>
      itemsOf(fieldOf(rule, peers)).flatMap((peer, number) =>
        isFields(peer) ? [{ peer, path: ["spec", direction, index, peers, number] }] : [],
      ),
    ),
  );
}

/** What the API server refuses in a NetworkPolicy beyond its schema. */
export function kubernetesRuleFaults(object: Fields): Fault[] {
  const spec = object["spec"];
  if (spec === undefined)
    return [
      {
        path: ["spec"],
        rule: "is missing, and the policy would keep every pod of the namespace from everything that comes in",
        remedy: "write it",
      },
    ];
  const faults = peersOf(object).flatMap(peerFaults);
  // A name like it is told by the schema.
  if (
    isFields(spec) &&
    spec["podSelector"] === undefined &&
    !Object.keys(spec).some((name) => closest(name, ["podSelector"]).length > 0)
  )
    faults.push({
      path: ["spec", "podSelector"],
      rule: "is missing, which selects every pod of the namespace",
      remedy: "write podSelector: {} where that is meant, or select some",
    });
  for (const [direction] of DIRECTIONS)
    itemsOf(fieldOf(spec, direction)).forEach((rule, index) => {
      faults.push(...kubernetesPortFaults(fieldOf(rule, "ports"), ["spec", direction, index, "ports"]));
    });
  itemsOf(fieldOf(spec, "policyTypes")).forEach((type, index) => {
    if (isKnown(type) && type !== "Ingress" && type !== "Egress")
      faults.push({
        path: ["spec", "policyTypes", index],
        value: type,
        rule: "is not one of Ingress, Egress",
        remedy: "choose one of them",
      });
  });
  return faults;
}

function peerFaults({ peer, path }: KubernetesPeer): Fault[] {
  const names = Object.keys(peer).filter((name) => peer[name] !== undefined);
  if (names.length === 0)
    return [{ path, rule: "names nobody", remedy: "write podSelector, namespaceSelector or ipBlock" }];
  const faults: Fault[] = [];
  if (peer["ipBlock"] !== undefined && names.length > 1)
    faults.push({ path, rule: "has ipBlock beside a selector", remedy: "write an item of its own for ipBlock" });
  const cidr = fieldOf(peer["ipBlock"], "cidr");
  if (typeof cidr !== "string" || !isKnown(cidr)) return faults;
  const wrong = rangeFault(cidr);
  if (wrong !== undefined) {
    faults.push({ path: [...path, "ipBlock", "cidr"], value: cidr, rule: wrong, remedy: rangeRemedy(cidr) });
    return faults;
  }
  const whole = rangeOf(cidr);
  itemsOf(fieldOf(peer["ipBlock"], "except")).forEach((except, index) => {
    if (typeof except !== "string" || !isKnown(except)) return;
    const at = [...path, "ipBlock", "except", index];
    const fault = rangeFault(except);
    const part = rangeOf(except);
    if (fault !== undefined) faults.push({ path: at, value: except, rule: fault, remedy: rangeRemedy(except) });
    else if (whole && (!part || part.first < whole.first || part.last > whole.last || part.prefix <= whole.prefix))
      faults.push({ path: at, value: except, rule: `is no part of ${cidr}`, remedy: "leave it out, or correct it" });
  });
  return faults;
}
