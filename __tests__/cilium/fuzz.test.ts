import { App, ref, TerraformStack, Testing, Token } from "cdktf";
import {
  CiliumRelease,
  CiliumVersion,
  ciliumValuesProblems,
  gkeDefaultValues,
  type HelmValues,
} from "../../lib/cilium";
import { ChartKeys, type ValueType } from "../../lib/facts/cilium";
import { describeProblem } from "../../lib/validation";
import fc from "../support/fast-check";

const KEYS = ChartKeys.of("1.20");
const PATHS = [...KEYS.paths].sort();
/** Runs with up to six settings each; FUZZ_RUNS asks for more. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
/** A hang fails, a busy machine does not. */
const TIMEOUT_MS = 300_000;

/** What only Terraform knows. */
const TOKENS = Array.from({ length: 10 }, (_, number) => Token.asString(ref(`local.t${number}`)));

class Instance {
  public readonly field = 1;
}

/** What is made anew for each run, and shown by its name where a run fails. */
class Recipe {
  public constructor(
    private readonly name: string,
    public readonly make: () => unknown,
  ) {}

  public [fc.toStringMethod](): string {
    return this.name;
  }
}

/** Everything that JavaScript can put where a value belongs, and no chart can be given. */
const NO_VALUES = fc.oneof(
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 7n, "\ud800"),
  fc.constantFrom(
    new Recipe("a symbol", () => Symbol("s")),
    new Recipe("a function", () => () => 1),
    new Recipe("a Date", () => new Date(0)),
    new Recipe("a Map", () => new Map([["a", 1]])),
    new Recipe("an instance", () => new Instance()),
    new Recipe("a pattern", () => /x/),
    new Recipe("a cycle", cycle),
    new Recipe("a getter that throws", throwing),
    new Recipe("a list with a gap", () => [1, undefined, 2]),
    new Recipe("an empty list of three", () => Array(3)),
  ),
  fc.integer({ min: 65, max: 5_000 }).map((levels) => new Recipe(`${levels} levels`, () => deep(levels))),
  fc.integer({ min: 20, max: 40 }).map((levels) => new Recipe(`2 ** ${levels} leaves`, () => wide(levels))),
);

const TEXT = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "true",
    "7",
    "",
    "null",
    "${x}",
    "%{if}",
    "a: b",
    "{a,b}",
    "10.0.0.0/8",
    "5m0s",
    "\u2028",
    "__proto__",
  ),
);

const ANY_VALUE: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.oneof(
      TEXT,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.array(TEXT, { maxLength: 3 }),
      fc.dictionary(TEXT, TEXT, { maxKeys: 3 }),
      fc.constant({}),
      fc.constant([]),
    ),
  },
  { weight: 2, arbitrary: NO_VALUES },
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.nat({ max: 9 }).map((number) => new Recipe(`token ${number}`, () => TOKENS[number])) },
);

/** A value of a type that the chart's schema takes. */
function ofType(type: ValueType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: type.from ?? 0, max: type.to ?? 70_000 });
    case "number":
      return fc.double({ min: 0, max: 1, noNaN: true });
    case "string":
      return fc.constantFrom("x", "10.0.0.0/8", "5m", "", "none");
    case "list":
      return fc.constantFrom([], ["x"]);
    case "object":
      return fc.constantFrom({}, { a: "b" });
    case "literal":
      return fc.constant(type.value);
    default:
      return fc.constant(null);
  }
}

const SETTING = fc.oneof(
  fc.constantFrom(...PATHS).chain((path) => fc.tuple(fc.constant(path), ANY_VALUE)),
  fc
    .constantFrom(...PATHS.filter((path) => !KEYS.isSection(path)))
    .chain((path) => fc.tuple(fc.constant(path), fc.oneof(...(KEYS.typesAt(path) ?? []).map(ofType), TEXT))),
  fc.tuple(fc.string({ unit: "binary", maxLength: 12 }), ANY_VALUE),
);

const SETTINGS = fc.array(SETTING, { minLength: 1, maxLength: 6 });

const JUDGE = fc.record({
  version: fc.constantFrom(...["1.17.0", "1.18.14", "1.19.7", "1.20.2", "1.21.0"].map(CiliumVersion.of)),
  mode: fc.constantFrom("kube-proxy-free" as const, "cni-chaining" as const, undefined),
  gkeGatewayApi: fc.boolean(),
});

describe("values of any kind at real keys", () => {
  test(
    "have an answer in words",
    () => {
      fc.assert(
        fc.property(SETTINGS, JUDGE, (settings, judge) => {
          const values = nested(settings);
          const told = ciliumValuesProblems(values, judge).map((problem) => describeProblem("x", problem));
          for (const line of told) {
            expect(line).toMatch(/^x: '[\s\S]*' [\s\S]+; [\s\S]+$/);
            expect(line.replaceAll(/'[\s\S]*?'|\([\s\S]*?\)/g, "")).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "that pass reach Terraform whole, and others say why before anything is made",
    () => {
      let passed = 0;
      fc.assert(
        fc.property(SETTINGS, (settings) => {
          const values = nested(settings);
          const stack = new TerraformStack(new App({ stackTraces: false }), "test");
          const told = ciliumValuesProblems(values, { baseValues: gkeDefaultValues() });
          const make = () => new CiliumRelease(stack, "cilium", { values: values as HelmValues });
          if (told.length > 0) return expect(make).toThrow(/'values/);
          passed++;
          make();
          const synthesized = Testing.synth(stack);
          const [known = ""] = JSON.parse(synthesized).resource.helm_release.cilium.values as string[];
          expect(JSON.parse(known)).toEqual(expect.any(Object));
          expect(synthesized).not.toMatch(/\bNaN\b|"undefined"|TfToken\[|\[object /);
          for (const name of tokensIn(values)) expect(synthesized).toContain(`local.${name}`);
          return undefined;
        }),
        { numRuns: RUNS },
      );
      // About one in fifteen passes, so that five of this many are as good as certain.
      expect(passed).toBeGreaterThan(5);
    },
    TIMEOUT_MS,
  );

  test.each<[string, unknown]>([
    ["text", "hello"],
    ["a list", []],
    ["null", null],
    ["a number", 7],
    ["a token", Token.asAny({ resolve: () => ({}) })],
    ["a function", () => ({})],
  ])("%s in place of all values is refused", (_what, values) => {
    const stack = new TerraformStack(new App(), "test");
    expect(() => new CiliumRelease(stack, "cilium", { values: values as HelmValues })).toThrow(/'values'/);
  });
});

/** `a.b: 1` and so on as nested values; what stands in the way of a later path stays. */
function nested(settings: readonly (readonly [path: string, value: unknown])[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [path, value] of settings) {
    const names = path.split(".");
    let section = values;
    for (const name of names.slice(0, -1)) {
      const below = Object.hasOwn(section, name) ? section[name] : undefined;
      if (typeof below === "object" && below !== null && Object.getPrototypeOf(below) === Object.prototype)
        section = below as Record<string, unknown>;
      else {
        const made = {};
        Object.defineProperty(section, name, { value: made, enumerable: true, configurable: true, writable: true });
        section = made;
      }
    }
    if (Object.isFrozen(section)) continue;
    const made = value instanceof Recipe ? value.make() : value;
    Object.defineProperty(section, names.at(-1) ?? "", {
      value: made,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return values;
}

function cycle(): object {
  const value: Record<string, unknown> = {};
  value["self"] = { list: [value] };
  return value;
}

function deep(levels: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

/** Few objects that unfold to 2 to the power of `levels`. */
function wide(levels: number): unknown {
  let value: unknown = "leaf";
  for (let level = 0; level < levels; level++) value = { a: value, b: value };
  return value;
}

function throwing(): object {
  return Object.defineProperty({}, "a", {
    enumerable: true,
    get: () => {
      throw new Error("do not look");
    },
  });
}

function tokensIn(value: unknown): string[] {
  if (typeof value === "string") return TOKENS.flatMap((token, number) => (token === value ? [`t${number}`] : []));
  if (Array.isArray(value)) return value.flatMap(tokensIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(tokensIn) : [];
}
