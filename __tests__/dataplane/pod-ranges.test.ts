import { Lazy } from "cdktf";
import { nativeRoutingCidr, nativeRoutingProblems } from "../../lib/dataplane/pod-ranges";
import {
  type Cidr,
  contains,
  describeProblem,
  formatCidr,
  overlaps,
  parseCidr,
  smallestAround,
} from "../../lib/validation";
import fc from "../support/fast-check";

const NETWORK = { nodes: "10.16.0.0/20", pods: "10.20.0.0/16", services: "10.24.0.0/20" };
const told = (network: typeof NETWORK & { extraPodRanges?: Record<string, string> }, given?: unknown) =>
  nativeRoutingProblems(network, given, "ipv4NativeRoutingCIDR", given !== undefined).map((p) =>
    describeProblem("x", p),
  );

describe("the range whose destinations see a pod's own address", () => {
  test("is the pods range where there is one", () => {
    expect(nativeRoutingCidr(NETWORK)).toBe("10.20.0.0/16");
    expect(told(NETWORK)).toEqual([]);
  });

  test("is the smallest range around all ranges of pods", () => {
    const network = { ...NETWORK, extraPodRanges: { "pods-2": "10.21.0.0/16", "pods-3": "10.22.0.0/17" } };
    expect(nativeRoutingCidr(network)).toBe("10.20.0.0/14");
    expect(told(network)).toEqual([]);
  });

  test("is told as a problem where it would hold something else, with every range by name", () => {
    const network = { ...NETWORK, extraPodRanges: { "pods-2": "10.28.0.0/16" } };
    expect(told(network)).toEqual([
      "x: 'ipv4NativeRoutingCIDR' would be 10.16.0.0/12, the smallest range around 'network.pods' (10.20.0.0/16) and 'network.extraPodRanges.pods-2' (10.28.0.0/16), which also holds 'network.nodes' (10.16.0.0/20); move the ranges of pods next to each other, or write 10.16.0.0/12 down here if its other destinations may see pods' own addresses",
      expect.stringContaining("which also holds 'network.services' (10.24.0.0/20)"),
    ]);
    expect(told(network, "10.16.0.0/12")).toEqual([]);
  });

  test.each([
    ["10.0.0.0/8", undefined],
    ["192.168.0.0/16", "does not hold 'network.pods' (10.20.0.0/16)"],
    ["10.20.0.0/17", "does not hold 'network.pods' (10.20.0.0/16)"],
    ["0.0.0.0/0", "is every address"],
    ["hello", "is not an IPv4 CIDR"],
    ["10.20.0.1/16", "is not the first address of its range"],
  ])("given as %s", (given, message) => {
    expect(told(NETWORK, given)).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });

  test("every range that a given one leaves out is told", () => {
    const network = { ...NETWORK, extraPodRanges: { a: "10.28.0.0/16", b: "10.29.0.0/16" } };
    expect(told(network, "10.20.0.0/14")).toHaveLength(2);
  });

  test("nothing is decided from what only Terraform knows", () => {
    const token = Lazy.stringValue({ produce: () => "10.0.0.0/8" });
    expect(told(NETWORK, token)).toEqual([]);
    expect(told({ ...NETWORK, pods: token, extraPodRanges: { a: "10.28.0.0/16" } })).toEqual([]);
    expect(nativeRoutingCidr({ ...NETWORK, pods: token, extraPodRanges: { a: "10.28.0.0/16" } })).toBe(token);
  });
});

describe("smallestAround", () => {
  const range = fc
    .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 4, max: 30 }) })
    .map(({ address, prefix }): Cidr => {
      const size = 2 ** (32 - prefix);
      const first = Math.floor(address / size) * size;
      return { first, last: first + size - 1, prefix };
    });

  test("holds every range, and neither of its halves does", () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
        const around = smallestAround(ranges as [Cidr, ...Cidr[]]);
        expect(parseCidr(formatCidr(around))).toEqual(around);
        expect(ranges.every((each) => contains(around, each))).toBe(true);
        const middle = around.first + (around.last - around.first + 1) / 2;
        const halves = [
          { ...around, last: middle - 1 },
          { ...around, first: middle },
        ];
        for (const half of halves)
          expect(ranges.every((each) => contains(half, each) && overlaps(half, each))).toBe(false);
      }),
    );
  });
});
