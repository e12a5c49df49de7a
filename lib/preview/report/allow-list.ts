import { existsSync, readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { ConfigurationError, describeProblem, type Problem } from "../../validation/problems";
import type { Finding } from "../model/report";
import { isObject } from "../model/value";

/** A risk somebody accepted: one rule, one place, until a day, for a reason. */
export interface Allowance {
  readonly rule: string;
  readonly stack?: string;
  readonly address?: string;
  /** Last day it holds, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly reason: string;
}

/** File looked for in the working directory. */
export const ALLOW_FILE = "preview-allow.yaml";

/**
 * Reads the committed list of accepted risks.
 *
 * @returns nothing where the file does not exist and is not asked for by name.
 * @throws ConfigurationError with every entry that is wrong: a list that cannot be trusted allows nothing.
 */
export function readAllowList(file: string, knownRules: readonly string[], required = false): readonly Allowance[] {
  if (!existsSync(file)) {
    if (!required) return [];
    throw new ConfigurationError([`${file}: does not exist; name a file that does, or leave --allow out`]);
  }
  const document = parseDocument(readFileSync(file, "utf8"), { logLevel: "silent" });
  if (document.errors.length > 0) {
    throw new ConfigurationError([`${file}: is not YAML (${document.errors[0]!.message.split("\n")[0]}); fix it`]);
  }
  const entries: unknown = document.toJS({ maxAliasCount: 0 }) ?? [];
  if (!Array.isArray(entries))
    throw new ConfigurationError([`${file}: is not a list; write '- rule: …' for each entry`]);
  const problems = entries.flatMap((entry, i) => entryProblems(entry, `[${i}]`, knownRules));
  if (problems.length > 0) throw new ConfigurationError(problems.map((problem) => describeProblem(file, problem)));
  return entries as Allowance[];
}

function entryProblems(entry: unknown, at: string, knownRules: readonly string[]): Problem[] {
  if (!isObject(entry))
    return [
      { property: at, value: entry, rule: "is not a mapping", remedy: "write rule, address, expires and reason" },
    ];
  const problems: Problem[] = [];
  const { rule, stack, address, expires, reason } = entry;
  if (typeof rule !== "string" || !knownRules.includes(rule)) {
    problems.push({
      property: `${at}.rule`,
      value: rule,
      rule: "is not a rule",
      remedy: "list them with 'gke-cilium-preview rules'",
    });
  }
  for (const [name, value] of Object.entries({ stack, address })) {
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    problems.push({ property: `${at}.${name}`, value, rule: "is not text", remedy: "write it as the report shows it" });
  }
  if (stack === undefined && address === undefined) {
    problems.push({
      property: at,
      rule: "allows the rule everywhere",
      remedy: "name the address or at least the stack it is accepted for",
    });
  }
  if (typeof expires !== "string" || !isDay(expires)) {
    problems.push({
      property: `${at}.expires`,
      value: expires,
      rule: "is not a day",
      remedy: 'write it in quotes as "YYYY-MM-DD"',
    });
  }
  if (typeof reason !== "string" || reason.trim() === "") {
    problems.push({
      property: `${at}.reason`,
      value: reason,
      rule: "is missing",
      remedy: "say why the risk is accepted",
    });
  }
  for (const key of Object.keys(entry)) {
    if (["rule", "stack", "address", "expires", "reason"].includes(key)) continue;
    problems.push({
      property: `${at}.${key}`,
      rule: "is not known",
      remedy: "use rule, stack, address, expires and reason",
    });
  }
  return problems;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The allowance that covers a finding, if one still holds. */
export function allowanceFor(finding: Finding, list: readonly Allowance[], today: string): Allowance | undefined {
  return list.find((allowance) => covers(allowance, finding) && allowance.expires >= today);
}

/** Allowances that would cover a finding, but for their date. */
export function expiredFor(finding: Finding, list: readonly Allowance[], today: string): Allowance | undefined {
  return list.find((allowance) => covers(allowance, finding) && allowance.expires < today);
}

function covers(allowance: Allowance, finding: Finding): boolean {
  if (allowance.rule !== finding.rule) return false;
  if (allowance.stack !== undefined && allowance.stack !== finding.stack) return false;
  return allowance.address === undefined || allowance.address === finding.address;
}

/** What a preview looked at, as far as it decides whether an entry could have matched. */
export interface Looked {
  readonly findings: readonly Finding[];
  readonly stacks: readonly string[];
  /** Every environment of the app was looked at. */
  readonly whole: boolean;
}

/** Entries that are over, and entries that match nothing although what they name was looked at. */
export function remarksOn(list: readonly Allowance[], looked: Looked, today: string): readonly string[] {
  return list.flatMap((allowance) => {
    const { rule, stack, address, expires } = allowance;
    const where = [stack, address].filter((part) => part !== undefined).join(" ");
    const name = `Allow list: ${rule} for ${where}`;
    if (expires < today) return [`${name} ended on ${expires}; renew it with a reason, or delete the entry`];
    if (looked.findings.some((finding) => covers(allowance, finding))) return [];
    if (stack !== undefined && !looked.stacks.includes(stack)) {
      return looked.whole ? [`${name} matches nothing: the app has no such stack; correct or delete the entry`] : [];
    }
    if (stack === undefined && !looked.whole) return [];
    const elsewhere = looked.findings.find((finding) => finding.rule === rule);
    const hint = elsewhere
      ? `; ${rule} was found at ${elsewhere.stack ?? ""} ${elsewhere.address ?? ""}`.trimEnd()
      : "";
    return [`${name} matches nothing in this preview${hint}`];
  });
}
