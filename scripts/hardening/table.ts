import type { SynthesizedStacks } from "../../lib/testing";
import { clusterParts } from "./parts";
import { HARDENING_RULES } from "./rules";

/** The table of docs/hardening.md: every rule, and how each environment stands. */
export function hardeningTable(environments: readonly string[], stacks: SynthesizedStacks): string {
  const parts = environments.map((name) => {
    const stack = stacks[`${name}-cluster`];
    if (stack === undefined) throw new Error(`${name} has no cluster stack`);
    return clusterParts(stack);
  });
  const head = [
    "Recommendation",
    "CIS 1.4",
    "GKE policy automation",
    "checkov",
    "trivy",
    "Option",
    ...environments.map(code),
  ];
  const rows = HARDENING_RULES.map((rule) => [
    rule.title,
    rule.cis ?? "",
    code(rule.policy),
    (rule.checkov ?? []).join(", "),
    (rule.trivy ?? []).join(", "),
    rule.option === undefined ? "always" : rule.option.split(", ").map(code).join(", "),
    ...parts.map((each) => (rule.met(each) ? "yes" : "no")),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Why environments may do without: the rules that have a reason. */
export function hardeningReasons(): string {
  return HARDENING_RULES.filter(({ reason }) => reason !== undefined)
    .map(({ title, reason }) => `- **${title}**: ${reason}.`)
    .join("\n");
}

function code(text: string | undefined): string {
  return text === undefined ? "" : `\`${text}\``;
}
