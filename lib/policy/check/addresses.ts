import { isIP } from "node:net";
import { type Cidr, parseCidr } from "../../validation";

/** What is wrong with a range, v4 or v6, as the API server reads it: as the rest of a sentence; undefined where nothing is. */
export function rangeFault(text: string): string | undefined {
  const slash = text.indexOf("/");
  const address = slash === -1 ? text : text.slice(0, slash);
  const length = slash === -1 ? "" : text.slice(slash + 1);
  const family = isIP(address);
  if (family === 0) return "is not a range of addresses such as 10.0.0.0/8";
  if (slash === -1) return "is an address where a range belongs";
  const most = family === 4 ? 32 : 128;
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > most) return `has a prefix that is not /0 to /${most}`;
  return undefined;
}

/** How a range must be written. */
export function rangeRemedy(text: string): string {
  const family = isIP(text);
  const example = text.includes(":") ? "2001:db8::/32" : "10.0.0.0/8";
  return family === 0 ? `write it as address/prefix, e.g. ${example}` : `write ${text}/${family === 4 ? 32 : 128}`;
}

/** A v4 range whose address may lie anywhere in it, as Kubernetes and Cilium read it; undefined for anything else. */
export function rangeOf(text: string): Cidr | undefined {
  if (rangeFault(text) !== undefined || text.includes(":")) return undefined;
  const exact = parseCidr(text);
  if (typeof exact !== "string") return exact;
  const first = /did you mean ([\d./]+)\?/.exec(exact)?.[1];
  const masked = first === undefined ? exact : parseCidr(first);
  return typeof masked === "string" ? undefined : masked;
}
