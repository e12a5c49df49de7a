import { parseArguments } from "../../e2e/arguments";

test("nothing said means all environments", () => {
  expect(parseArguments([])).toEqual({
    environments: ["dev", "staging", "prod", "auto"],
    proofs: false,
    record: false,
    keep: false,
    list: false,
  });
});

test("proofs are a word beside the environments, and alone need none", () => {
  expect(parseArguments(["proofs"])).toMatchObject({ environments: [], proofs: true });
  expect(parseArguments(["proofs", "dev"])).toMatchObject({ environments: ["dev"], proofs: true });
});

test("environments are taken in the order in which they ship", () => {
  expect(parseArguments(["prod", "dev"]).environments).toEqual(["dev", "prod"]);
});

test("scenarios are named with commas, or one after the other", () => {
  expect(parseArguments(["staging", "--only", "drift,scale", "--only", "labels"]).only).toEqual([
    "drift",
    "scale",
    "labels",
  ]);
});

test("switches are switches", () => {
  expect(parseArguments(["--record", "--keep"])).toMatchObject({ record: true, keep: true, list: false });
});

test("minutes and what runs at once are numbers from 1 on", () => {
  expect(parseArguments(["--minutes", "40"]).minutes).toBe(40);
  expect(parseArguments([]).minutes).toBeUndefined();
  for (const words of [["--minutes"], ["--minutes", "0"], ["--minutes", "soon"], ["--at-once", "-1"]])
    expect(() => parseArguments(words)).toThrow("it needs a number from 1 on");
  expect(parseArguments(["--at-once", "2"]).atOnce).toBe(2);
});

test("what is no environment and no option is refused", () => {
  expect(() => parseArguments(["production"])).toThrow(
    "'production' is neither an environment (dev, staging, prod, auto), nor proofs",
  );
  expect(() => parseArguments(["--only"])).toThrow("--only needs ids");
  expect(() => parseArguments(["--only", "--keep"])).toThrow("--only needs ids");
});
