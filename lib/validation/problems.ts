/** Most characters of a value that a message shows. */
const LONGEST_SHOWN = 200;
/** Most characters of a property, a rule or a remedy, all of which may quote what somebody wrote. */
const LONGEST_PART = 500;

/** How what only Terraform knows is shown. */
const TOKEN = "known to Terraform only";
/** cdktf writes tokens of numbers as numbers far below any other. */
const LOWEST_SHOWN = -1e280;

/** What would break a line, or write over it. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** One thing that is wrong with an input: what, how it is now, which rule it breaks and what to do about it. */
export interface Problem {
  /** The property as the caller wrote it, e.g. `network.pods` or `nodePools[1].maxNodes`. */
  readonly property: string;
  /** The value found there. Left out where there is none (a required property that is missing). */
  readonly value?: unknown;
  /** The rule that is broken, as the rest of a sentence whose subject is the property. */
  readonly rule: string;
  /** What the caller can do, in the imperative. */
  readonly remedy: string;
}

/** Thrown once for everything that is wrong with an input, before anything is created. */
export class ConfigurationError extends Error {
  public constructor(
    /** Each problem in one line, prefixed with what it belongs to. */
    public readonly problems: readonly string[],
  ) {
    super(
      problems.length === 1
        ? problems[0]
        : `${problems.length} problems:\n${problems.map((p) => `  - ${p}`).join("\n")}`,
    );
    this.name = "ConfigurationError";
  }
}

/**
 * A problem as one line: `staging: 'network.pods' (10.20.0.0/14) overlaps 'network.services' (10.20.8.0/20); choose disjoint ranges`.
 *
 * @param subject What the property belongs to: an environment's name or a construct's path.
 */
export function describeProblem(subject: string, problem: Problem): string {
  const value = "value" in problem && problem.value !== undefined ? ` (${show(problem.value)})` : "";
  const [property, rule, remedy] = [problem.property, problem.rule, problem.remedy].map((words) =>
    cut(withoutTokens(words), LONGEST_PART),
  );
  return inOneLine(`${subject}: '${property}'${value} ${rule}; ${remedy}`);
}

/** Line ends and what else moves a terminal's cursor, written as in a program's text. */
function inOneLine(text: string): string {
  return text
    .replaceAll("\n", "\\n")
    .replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Throws one {@link ConfigurationError} that lists every problem, or returns where there is none.
 *
 * @throws ConfigurationError
 */
export function assertNoProblems(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigurationError(problems.map((problem) => describeProblem(subject, problem)));
}

/** The same problems, told of properties one level further out: `machineType` becomes `nodePools[0].machineType`. */
export function nestProblems(prefix: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, property: `${prefix}.${problem.property}` }));
}

/** A value as a message shows it; never throws, and never shows `undefined`, `NaN` as they would be mistaken for our own. */
function show(value: unknown): string {
  if (typeof value === "string") return value === "" ? '""' : cut(withoutTokens(value));
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value !== "object" || value === null)
    return typeof value === "number" ? shownNumber(value) : String(value);
  try {
    return cut(withoutTokens(JSON.stringify(value) ?? "an object"));
  } catch {
    // Cycles, and numbers that JSON has no form for.
    return Array.isArray(value) ? "a list" : "an object";
  }
}

/** What Terraform decides has names in cdktf that mean nothing to anybody. */
function withoutTokens(text: string): string {
  return text.replace(/[$#&]\{TfToken\[[^\]]*\]\}/g, TOKEN);
}

function shownNumber(value: number): string {
  if (Number.isNaN(value)) return "not a number";
  if (value < LOWEST_SHOWN && Number.isFinite(value)) return TOKEN;
  return Number.isFinite(value) ? String(value) : value > 0 ? "infinity" : "-infinity";
}

function cut(text: string, longest = LONGEST_SHOWN): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
