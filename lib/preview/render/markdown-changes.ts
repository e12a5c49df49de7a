import type { ResourceReport, StackReport } from "../model/report";
import type { Budget } from "./budget";
import type { Flavour } from "./flavour";
import { chartSummary, type DiffLine, diffLinesOf } from "./lines";
import { cell, code, fence } from "./markdown-escape";
import { DOTS } from "./markdown-risks";
import { ACTION_WORDS, countsOf, countWords, plural, SYMBOLS } from "./words";

/** Lines of one resource before the rest is only counted. */
const LONGEST_DIFF = 120;

/** What stands behind the risks, each by itself, then the rest by stack. All of it folded. */
export function changes(stacks: readonly StackReport[], budget: Budget, flavour: Flavour): void {
  const touched = stacks.filter(({ resources }) => resources.length > 0);
  if (touched.length === 0) return;
  budget.should("### Changes", "the changes");
  for (const stack of touched) {
    for (const one of stack.resources.filter(({ severity }) => severity))
      budget.should(resource(one, stack, flavour), "resource");
  }
  for (const stack of touched) {
    const calm = stack.resources.filter(({ severity }) => !severity);
    if (calm.length > 0) rest(stack, calm, budget, flavour);
  }
}

function rest(stack: StackReport, resources: readonly ResourceReport[], budget: Budget, flavour: Flavour): void {
  const title = {
    code: stack.name,
    after: `${plural(resources.length, "more change", true)} (${countWords(countsOf(resources)) || "other"})`,
  };
  const whole = flavour.fold(title, resources.map((one) => resource(one, stack, flavour)).join("\n"));
  if (budget.fits(whole)) {
    budget.should(whole);
    return;
  }
  const [head = "", foot = ""] = flavour
    .fold(title, "\u0000")
    .split("\u0000")
    .map((part) => part.trim());
  const list = resources.map((one) => `- ${SYMBOLS[one.action]} ${code(one.address)} ${ACTION_WORDS[one.action]}`);
  budget.list(head, list, foot, (left) => `${plural(left, "resource", true)} of a stack`);
}

function resource(one: ResourceReport, stack: StackReport, flavour: Flavour): string {
  const dot = one.severity ? `${DOTS[one.severity]} ` : "";
  const parts: string[] = [];
  if (one.why.length > 0) parts.push(one.why.map((line) => `- ${code(line)}`).join("\n"));
  if (one.constructPath && one.constructPath !== `${stack.name}/${one.address}`)
    parts.push(flavour.small(`Construct ${code(one.constructPath)}`));
  const lines = diffLinesOf(one);
  if (lines.length > 0) parts.push(diffBlock(lines));
  if (one.chart) parts.push(chart(one.chart, flavour));
  const title = { before: `${dot}${SYMBOLS[one.action]}`, code: one.address, after: ACTION_WORDS[one.action] };
  return flavour.fold(title, parts.join("\n\n") || "_Nothing more is known of it._");
}

const SIGNS: Readonly<Record<DiffLine["kind"], string>> = {
  added: "+ ",
  removed: "- ",
  context: "  ",
  hunk: "@@ ",
  note: "# ",
  forces: "! ",
};

function diffBlock(lines: readonly DiffLine[]): string {
  const shown = lines
    .slice(0, LONGEST_DIFF)
    .map(({ kind, text }) => `${SIGNS[kind]}${text}${kind === "hunk" && !text.endsWith("@@") ? " @@" : ""}`);
  if (lines.length > LONGEST_DIFF) shown.push(`# and ${lines.length - LONGEST_DIFF} more lines`);
  return fence(shown, "diff");
}

function chart(upgrade: NonNullable<ResourceReport["chart"]>, flavour: Flavour): string {
  const summary = chartSummary(upgrade).map((line) => `- ${code(line)}`);
  const defaults = upgrade.changedDefaults
    .slice(0, 40)
    .map(({ key, before, after }) => `| ${cell(key)} | ${cell(before.slice(0, 80))} | ${cell(after.slice(0, 80))} |`);
  const table = defaults.length > 0 ? ["", "| Default | before | after |", "|---|---|---|", ...defaults] : [];
  const title = { before: "What the chart itself changes:", code: `${upgrade.chart} ${upgrade.from} → ${upgrade.to}` };
  return flavour.fold(title, [...summary, ...table].join("\n"));
}
