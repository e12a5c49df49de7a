import { SUPPORTED_MINORS } from "../../../lib/facts/cilium";
import { policyKinds, schemaFacts, versionsOf } from "../../../lib/facts/policy";
import { schemaFaults } from "../../../lib/policy/check/schema";

test("every kind is known for every supported minor, of which the newest definitions stand for newer ones", () => {
  for (const kind of policyKinds()) {
    for (const minor of SUPPORTED_MINORS) {
      const [major = 0, number = 0] = minor.split(".").map(Number);
      expect([kind, minor, versionsOf(kind, { major, minor: number })?.size]).not.toContain(undefined);
    }
    expect(versionsOf(kind, { major: 1, minor: 99 })).toEqual(versionsOf(kind, { major: 1, minor: 20 }));
  }
  expect(versionsOf("CiliumEnvoyConfig", { major: 1, minor: 20 })).toBeUndefined();
});

test("a version that is deprecated comes last", () => {
  expect([...(versionsOf("CiliumLoadBalancerIPPool", { major: 1, minor: 20 })?.keys() ?? [])]).toEqual([
    "cilium.io/v2",
    "cilium.io/v2alpha1",
  ]);
});

test("every number of a part leads to one, and each pattern is one that JavaScript reads", () => {
  const { parts, kinds } = schemaFacts();
  const numbers = parts.flatMap(({ fields = {}, values, items }) => [...Object.values(fields), values, items]);
  const schemas = Object.values(kinds).flatMap((minors) => Object.values(minors).flatMap(Object.values));
  for (const number of [...numbers, ...schemas.map(({ schema }) => schema)])
    if (number !== undefined) expect(parts[number]).toBeDefined();
});

test("every rule and pattern of a definition is one that is understood", () => {
  // Each part by itself, with a text and a map: what is not understood throws.
  const { parts } = schemaFacts();
  parts.forEach((part, schema) => {
    for (const value of [{}, { spec: "text" }]) {
      const object = { apiVersion: "v1", kind: "x", metadata: {}, ...value };
      expect(() => schemaFaults(object, { parts, schema, namespaced: true })).not.toThrow();
    }
    if (part.pattern !== undefined) {
      const field = [...parts, { fields: { spec: schema } }];
      const object = { spec: "a".repeat(250), kind: "x" };
      expect(() => schemaFaults(object, { parts: field, schema: parts.length, namespaced: true })).not.toThrow();
    }
  });
});
