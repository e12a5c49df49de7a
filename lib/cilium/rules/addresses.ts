import { isIPv4, isIPv6 } from "node:net";

/** Whether Go's net.ParseCIDR takes a text for an IPv4 range; the address need not be the first of its range. */
export function isIPv4Cidr(text: string): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  return rest.length === 0 && isIPv4(address) && /^\d{1,2}$/.test(length) && Number(length) <= 32;
}

/** The same for IPv6. */
export function isIPv6Cidr(text: string): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  return rest.length === 0 && isIPv6(address) && /^\d{1,3}$/.test(length) && Number(length) <= 128;
}

/** A range of either family. */
export function isCidr(text: string): boolean {
  return isIPv4Cidr(text) || isIPv6Cidr(text);
}
