import { formatCidr, parseCidr } from "../../validation";
import { isArray, type Value } from "../model/value";

/** More pairs than anybody goes over. */
const MOST_PAIRS = 1_000;

/** `slice(list, from, to)` */
export function slice(list: Value, from: Value, to: Value): Value | undefined {
  if (!isArray(list) || typeof from !== "number" || typeof to !== "number") return undefined;
  return from >= 0 && from <= to && to <= list.length ? list.slice(from, to) : undefined;
}

/** `sum(list)`, of numbers alone. */
export function sum(list: Value): Value | undefined {
  if (!isArray(list) || list.length === 0 || !list.every((item) => typeof item === "number")) return undefined;
  return (list as readonly number[]).reduce((total, item) => total + item, 0);
}

/** `setproduct(a, b, …)`: every choice of one of each. */
export function setproduct(...sets: readonly Value[]): Value | undefined {
  if (sets.length < 2 || !sets.every(isArray)) return undefined;
  if (sets.reduce((count, set) => count * set.length, 1) > MOST_PAIRS) return undefined;
  return sets.reduce<readonly (readonly Value[])[]>(
    (all, set) => all.flatMap((one) => set.map((item) => [...one, item])),
    [[]],
  );
}

/** `cidrsubnet(range, bits, number)`, IPv4. */
export function cidrsubnet(range: Value, bits: Value, number: Value): Value | undefined {
  const cidr = typeof range === "string" ? parseCidr(range) : "";
  if (typeof cidr === "string" || typeof bits !== "number" || typeof number !== "number") return undefined;
  const prefix = cidr.prefix + bits;
  if (bits < 0 || prefix > 32 || number < 0 || number >= 2 ** bits) return undefined;
  const size = 2 ** (32 - prefix);
  const first = cidr.first + number * size;
  return formatCidr({ first, last: first + size - 1, prefix });
}

/** `cidrhost(range, number)`, IPv4; from the end where the number is negative. */
export function cidrhost(range: Value, number: Value): Value | undefined {
  const cidr = typeof range === "string" ? parseCidr(range) : "";
  if (typeof cidr === "string" || typeof number !== "number") return undefined;
  const first = number < 0 ? cidr.last + 1 + number : cidr.first + number;
  if (first < cidr.first || first > cidr.last) return undefined;
  return formatCidr({ first, last: first, prefix: 32 }).split("/")[0]!;
}
