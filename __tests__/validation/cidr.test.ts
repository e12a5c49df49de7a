import { type Cidr, contains, formatCidr, overlaps, parseCidr, sizeOf } from "../../lib/validation";
import fc from "../support/fast-check";

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc.integer({ min: 0, max: 32 });

/** Any range in canonical form. */
const range: fc.Arbitrary<Cidr> = fc.tuple(address, prefix).map(([any, length]) => {
  const size = 2 ** (32 - length);
  const first = Math.floor(any / size) * size;
  return { first, last: first + size - 1, prefix: length };
});

/** Two ranges that often have to do with each other: both near the same place. */
const neighbours = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 24, max: 32 }),
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 24, max: 32 }),
  )
  .map(([a, aPrefix, b, bPrefix]) => [near(a, aPrefix), near(b, bPrefix)] as const);

function near(offset: number, length: number): Cidr {
  const size = 2 ** (32 - length);
  const first = 0x0a000000 + Math.floor(offset / size) * size;
  return { first, last: first + size - 1, prefix: length };
}

/** Every address of a range of at most 256, one by one. */
function members({ first, last }: Cidr): Set<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

test("what is written can be read back", () => {
  fc.assert(fc.property(range, (any) => expect(parseCidr(formatCidr(any))).toEqual(any)));
});

test("a range holds exactly its addresses", () => {
  fc.assert(
    fc.property(range, (any) => {
      expect(sizeOf(any)).toBe(2 ** (32 - any.prefix));
      expect(any.first % sizeOf(any)).toBe(0);
    }),
  );
});

test("an address within a range is no name for it, and the error says which is", () => {
  fc.assert(
    fc.property(range, fc.nat(), (any, offset) => {
      fc.pre(any.prefix < 32);
      const inner = any.first + 1 + (offset % (sizeOf(any) - 1));
      expect(parseCidr(`${formatAddress(inner)}/${any.prefix}`)).toBe(
        `is not the first address of its range (did you mean ${formatCidr(any)}?)`,
      );
    }),
  );
});

test("two ranges overlap when they share an address, whichever is asked", () => {
  fc.assert(
    fc.property(neighbours, ([a, b]) => {
      const shared = [...members(a)].some((each) => members(b).has(each));
      expect(overlaps(a, b)).toBe(shared);
      expect(overlaps(b, a)).toBe(shared);
    }),
  );
});

test("a range contains another when it has all its addresses", () => {
  fc.assert(
    fc.property(neighbours, ([a, b]) => {
      const all = [...members(b)].every((each) => members(a).has(each));
      expect(contains(a, b)).toBe(all);
    }),
  );
});

test("two ranges are disjoint or one contains the other", () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
    }),
  );
});

test("a range overlaps and contains itself, and everything contains it in 0.0.0.0/0", () => {
  const everything = parseCidr("0.0.0.0/0") as Cidr;
  fc.assert(
    fc.property(range, (any) => {
      expect([overlaps(any, any), contains(any, any), contains(everything, any)]).toEqual([true, true, true]);
    }),
  );
});

test("no text makes it throw, and what it accepts is canonical", () => {
  const text = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[0-9.]{0,20}\/[0-9]{0,3}$/),
    fc
      .tuple(fc.array(fc.nat(300), { minLength: 4, maxLength: 4 }), fc.nat(40))
      .map(([octets, length]) => `${octets.join(".")}/${length}`),
  );
  fc.assert(
    fc.property(text, (any) => {
      const parsed = parseCidr(any);
      if (typeof parsed !== "string") expect(formatCidr(parsed)).toBe(any);
    }),
  );
});

test.each([
  ["10.16.0.0", "is not an IPv4 CIDR such as 10.16.0.0/20"],
  ["10.16.0.0/", "is not an IPv4 CIDR such as 10.16.0.0/20"],
  ["fd00::/64", "is not an IPv4 CIDR such as 10.16.0.0/20"],
  [" 10.16.0.0/20", "is not an IPv4 CIDR such as 10.16.0.0/20"],
  ["10.16.256.0/20", "has an octet above 255"],
  ["10.16.0.0/33", "has a prefix longer than /32"],
  ["10.16.1.0/20", "is not the first address of its range (did you mean 10.16.0.0/20?)"],
  ["010.16.0.0/20", "has a number with a leading zero"],
  ["10.16.0.0/08", "has a number with a leading zero"],
])("%s %s", (text, fault) => {
  expect(parseCidr(text)).toBe(fault);
});

test.each(["0.0.0.0/0", "255.255.255.255/32", "128.0.0.0/1", "10.0.0.0/8"])("%s is a range", (text) => {
  expect(formatCidr(parseCidr(text) as Cidr)).toBe(text);
});
