import type { Finding, Report, Severity } from "../model/report";
import type { Budget } from "./budget";
import type { Flavour } from "./flavour";
import { type FindingGroup, groupFindings, seenAt } from "./groups";
import { code } from "./markdown-escape";
import { plural } from "./words";

export const DOTS: Readonly<Record<Severity, string>> = { critical: "🔴", high: "🟠", medium: "🟡", info: "🔵" };

/** More risks than this of medium weight are told by their titles; what they mean stands in a fold below. */
const MOST_MEDIUM = 5;

/** How much of each risk is told; the first that leaves room for the rest is taken. */
interface Detail {
  readonly places: number;
  readonly explained: boolean;
}
const DETAILS: readonly Detail[] = [
  { places: 4, explained: true },
  { places: 1, explained: true },
  { places: 1, explained: false },
];

/**
 * What a reviewer must know, unfolded: what was seen and where, what happens, and what to do. Risks are never dropped:
 * where there is no room, first their places and then their explanations are.
 */
export function risks({ findings }: Report, budget: Budget, flavour: Flavour): void {
  const grave = groupFindings(findings.filter(({ severity }) => severity !== "info"));
  if (grave.length > 0) {
    const head = "### Risks";
    const text = DETAILS.map((detail) =>
      [head, ...grave.map((group, i) => item(group, detail, grave, i, flavour))].join("\n\n"),
    );
    budget.must(text.find((part) => part.length < budget.left * 0.7) ?? byRule(findings, flavour));
  }
}

/** Good to know, and no reason to stop: one line, the rest behind it. */
export function remarks({ findings }: Report, budget: Budget, flavour: Flavour): void {
  const groups = groupFindings(findings.filter(({ severity }) => severity === "info"));
  if (groups.length === 0) return;
  const body = groups.map((group) => item(group, DETAILS[0]!, groups, 0, flavour)).join("\n\n");
  const title = { before: `Good to know: ${plural(groups.length, "note", true)}` };
  budget.should(flavour.fold(title, body), "remarks");
}

/** What the lines above leave out: explanations of the lesser risks, every further place, and where it is known from. */
export function background({ findings }: Report, budget: Budget, flavour: Flavour): void {
  const groups = groupFindings(findings);
  if (groups.length === 0) return;
  const parts = groups.map(({ first, findings: places }) => {
    const { rule, title, consequence, remedy, source } = first;
    const more = places.slice(DETAILS[0]!.places).map((finding) => `- ${place(finding)}`);
    const texts = [
      `**${rule} ${prose(title)}.** ${prose(consequence)} _What to do:_ ${prose(remedy)} ${flavour.small(`Known from: ${prose(source)}`)}`,
    ];
    return more.length > 0 ? [...texts, more.slice(0, 200).join("\n")].join("\n\n") : texts.join("\n");
  });
  budget.should(
    flavour.fold({ before: "Every rule that fired, all its places, and where it is known from" }, parts.join("\n\n")),
    "the sources",
  );
}

function item(
  group: FindingGroup,
  detail: Detail,
  all: readonly FindingGroup[],
  index: number,
  flavour: Flavour,
): string {
  const { first, findings } = group;
  const { severity, title, rule, consequence, remedy, certainty } = first;
  const head = `${DOTS[severity]} **${prose(title)}** · ${severity} · ${rule}${certainty === "predicted" ? " · predicted" : ""}`;
  const places = findings.slice(0, detail.places).map((finding) => `- ${place(finding)}`);
  const left = findings.length - places.length;
  if (left > 0) places.push(`- and ${plural(left, "more place", true)}`);
  const medium = all.slice(0, index).filter((other) => other.first.severity === "medium").length;
  if (!detail.explained || (severity === "medium" && medium >= MOST_MEDIUM)) return [head, ...places].join("\n");
  const what = `**What happens:** ${prose(consequence)}${flavour.lineBreak}\n**What to do:** ${prose(remedy)}`;
  return [head, ...places, "", what].join("\n");
}

function place(finding: Finding): string {
  const { stack, address } = finding;
  const where = [stack, address].flatMap((part) => (part === undefined ? [] : [code(part.slice(0, 160))]));
  return `${where.join(" ")}: ${code(seenAt(finding).slice(0, 500))}`;
}

/** Where not even that fits: one line a rule. */
function byRule(findings: readonly Finding[], flavour: Flavour): string {
  const rules = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity}`;
    const group = rules.get(key);
    if (group) group.push(finding);
    else rules.set(key, [finding]);
  }
  const groups = [...rules.values()].map((group) => ({ first: group[0]!, findings: group }));
  const lines = groups.map((group) => item(group, DETAILS[2]!, groups, 0, flavour));
  return ["### Risks", ...lines].join("\n\n");
}

/** Our own sentences: a stray underscore must not turn into markup, and an address stays one. */
export function prose(text: string): string {
  const parts = text.split(/(https:\/\/[\w./?=%~+#-]*[\w/])/);
  const escaped = parts.map((part, i) =>
    i % 2 === 1
      ? `<${part}>`
      : part.replace(/[<>&]/g, (c) => `&#${c.codePointAt(0)};`).replace(/[_*[\]#@`|\\]/g, "\\$&"),
  );
  return escaped.join("");
}
