import { Token } from "cdktf";
import {
  ACCOUNT_ID,
  COMPUTE_NAME,
  fitName,
  kubernetesKeyFault,
  kubernetesValueFault,
  nameProblems,
  resourceLabelProblems,
} from "../../lib/gke/naming";
import fc from "../support/fast-check";
import { lines } from "./support";

test.each(["a", "staging", "staging-1", "a".repeat(63)])("%s is a name", (name) => {
  expect(nameProblems("name", name, COMPUTE_NAME)).toEqual([]);
});

test.each(["1a", "-a", "a-", "A", "a_b", "a.b", "", "a".repeat(64)])("%p is no name", (name) => {
  expect(nameProblems("name", name, COMPUTE_NAME)).not.toEqual([]);
});

test("a name tells every rule it breaks", () => {
  expect(lines(nameProblems("accountId", "A_", ACCOUNT_ID))).toEqual([
    "'accountId' (A_) is not a lowercase letter followed by lowercase letters, digits and inner hyphens (RFC 1035); choose a name such as staging-1",
    "'accountId' (A_) has 2 characters where Google Cloud takes 6 to 30; lengthen it",
  ]);
  expect(lines(nameProblems("name", "a".repeat(64), COMPUTE_NAME))).toEqual([
    `'name' (${"a".repeat(64)}) has 64 characters where Google Cloud takes 1 to 63; shorten it`,
  ]);
});

test("what Terraform decides is left alone", () => {
  expect(nameProblems("name", Token.asString({ resolve: () => "A" }), COMPUTE_NAME)).toEqual([]);
  expect(nameProblems("name", undefined, COMPUTE_NAME)).toEqual([]);
  expect(resourceLabelProblems("labels", { team: Token.asString({ resolve: () => "A" }) })).toEqual([]);
});

test.each([
  [{ team: "payments" }, []],
  [{ team: "" }, []],
  [{ größe: "klein_1-a" }, []],
  [
    { Team: "a" },
    [
      `'labels["Team"]' is not a valid label key; use lowercase letters, digits, _ and -, at most 63 characters, keys beginning with a letter`,
    ],
  ],
  [
    { "1team": "a" },
    [
      `'labels["1team"]' is not a valid label key; use lowercase letters, digits, _ and -, at most 63 characters, keys beginning with a letter`,
    ],
  ],
  [
    { team: "Payments" },
    [
      "'labels.team' (Payments) is not a valid label value; use lowercase letters, digits, _ and -, at most 63 characters, keys beginning with a letter",
    ],
  ],
  [
    { "goog-gke": "a" },
    ["'labels.goog-gke' begins with goog-, which Google reserves for labels of its own; choose another key"],
  ],
])("labels %p", (labels, problems) => {
  expect(lines(resourceLabelProblems("labels", labels as Record<string, string>))).toEqual(problems);
});

test("a resource carries 64 labels and no more", () => {
  const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, ""]));
  expect(resourceLabelProblems("labels", labels(64))).toEqual([]);
  expect(lines(resourceLabelProblems("labels", labels(65)))).toEqual([
    "'labels' (65 labels) exceeds the 64 labels a resource can carry; remove some",
  ]);
});

test.each(["a", "team", "example.com/team", "A_b.c-1", `${"a".repeat(63)}`])("%s is a key", (key) => {
  expect(kubernetesKeyFault(key)).toBeUndefined();
});

test.each([
  ["a/b/c", "has more than one slash"],
  ["Example.com/a", "has a prefix that is not a DNS name"],
  [`${"a".repeat(254)}/a`, "has a prefix that is not a DNS name"],
  ["/a", "has a prefix that is not a DNS name"],
  ["example.com/", "has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits"],
  ["", "has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits"],
  ["-a", "has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits"],
  ["a".repeat(64), "has a name that is not 1 to 63 letters, digits, -, _ and . between two letters or digits"],
])("the key %p %s", (key, fault) => {
  expect(kubernetesKeyFault(key)).toBe(fault);
});

test("values may be empty, but not of other characters or too long", () => {
  expect(["", "true", "a.b_c-1"].map(kubernetesValueFault)).toEqual([undefined, undefined, undefined]);
  for (const value of ["a b", "-a", "a".repeat(64)]) {
    expect(kubernetesValueFault(value)).toBe(
      "is not at most 63 letters, digits, -, _ and . between two letters or digits",
    );
  }
});

test("a derived name always fits, and two names that are cut stay different", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/);
  fc.assert(
    fc.property(name, name, (one, other) => {
      const fitted = fitName(one, "-nodes", ACCOUNT_ID.max);
      expect(nameProblems("accountId", fitted, { min: 6, max: 30 })).toEqual([]);
      expect(fitted.endsWith("-nodes")).toBe(true);
      if (one !== other) expect(fitted).not.toBe(fitName(other, "-nodes", ACCOUNT_ID.max));
    }),
  );
  expect(fitName("staging", "-nodes", 30)).toBe("staging-nodes");
});
