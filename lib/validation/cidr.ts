/** An IPv4 range in canonical form: `first` is the network address. */
export interface Cidr {
  /** First address as an unsigned 32-bit number. */
  readonly first: number;
  /** Last address as an unsigned 32-bit number. */
  readonly last: number;
  /** Length of the network prefix, 0 to 32. */
  readonly prefix: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/**
 * Reads `10.16.0.0/20`.
 *
 * @returns the range, or in one phrase what is wrong with the text ("is not ...").
 */
export function parseCidr(text: string): Cidr | string {
  const match = CIDR.exec(text);
  if (!match) return "is not an IPv4 CIDR such as 10.16.0.0/20";
  // 010 is ten to some programs and eight to others; Google Cloud and Terraform refuse it.
  if (match.slice(1).some((digits) => /^0\d/.test(digits))) return "has a number with a leading zero";
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255) return "has an octet above 255";
  if (prefix > 32) return "has a prefix longer than /32";
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  if (first !== address)
    return `is not the first address of its range (did you mean ${formatAddress(first)}/${prefix}?)`;
  return { first, last: first + size - 1, prefix };
}

/** Whether two ranges share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether `outer` holds every address of `inner`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** The smallest range that holds all of the given ones. */
export function smallestAround(ranges: readonly [Cidr, ...Cidr[]]): Cidr {
  const first = Math.min(...ranges.map((range) => range.first));
  const last = Math.max(...ranges.map((range) => range.last));
  for (let prefix = Math.min(...ranges.map((range) => range.prefix)); ; prefix--) {
    const size = 2 ** (32 - prefix);
    const start = Math.floor(first / size) * size;
    if (start + size - 1 >= last) return { first: start, last: start + size - 1, prefix };
  }
}

/** Number of addresses in a range. */
export function sizeOf(cidr: Cidr): number {
  return cidr.last - cidr.first + 1;
}

/** `{ first, prefix }` as `10.16.0.0/20`. */
export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.first)}/${cidr.prefix}`;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
