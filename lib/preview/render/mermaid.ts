import type { Report, StackReport } from "../model/report";
import { statusWords } from "./words";

/** More stacks than this make a picture nobody reads; quiet environments are left out first. */
const MOST_STACKS = 40;

/** The stacks and their order as a Mermaid flowchart, coloured by what happens. */
export function mermaid(report: Report): readonly string[] {
  const stacks = pick(report.stacks);
  const ids = new Map(stacks.map((stack, i) => [stack.name, `s${i}`]));
  const lines = ["flowchart LR"];
  for (const [environment, members] of byEnvironment(stacks)) {
    lines.push(`  subgraph ${label(environment)}`);
    for (const stack of members)
      lines.push(`    ${ids.get(stack.name)}[${label(`${stack.name}<br>${statusWords(stack)}`)}]:::${colour(stack)}`);
    lines.push("  end");
  }
  for (const stack of stacks) {
    for (const dependency of stack.dependencies) {
      if (ids.has(dependency)) lines.push(`  ${ids.get(dependency)} --> ${ids.get(stack.name)}`);
    }
  }
  return [
    ...lines,
    "  classDef quiet fill:#eef1f4,stroke:#8c959f,color:#57606a",
    "  classDef touched fill:#ddf4ff,stroke:#0969da,color:#0a3069",
    "  classDef risky fill:#ffebe9,stroke:#cf222e,color:#82071e",
  ];
}

export function byEnvironment(stacks: readonly StackReport[]): ReadonlyMap<string, readonly StackReport[]> {
  const groups = new Map<string, StackReport[]>();
  for (const stack of stacks) groups.set(stack.environment, [...(groups.get(stack.environment) ?? []), stack]);
  return groups;
}

/** How loud a stack is drawn. */
export function colour(stack: StackReport): "quiet" | "touched" | "risky" {
  const severe = stack.resources.some(({ severity }) => severity === "critical" || severity === "high");
  if (severe || ["failed", "removed", "incomplete"].includes(stack.status)) return "risky";
  return stack.status === "unchanged" && !stack.added ? "quiet" : "touched";
}

function pick(stacks: readonly StackReport[]): readonly StackReport[] {
  if (stacks.length <= MOST_STACKS) return stacks;
  const loud = new Set(stacks.filter((stack) => colour(stack) !== "quiet").map(({ environment }) => environment));
  return stacks.filter(({ environment }) => loud.has(environment)).slice(0, MOST_STACKS);
}

/** In quotes, with nothing in it that Mermaid or HTML could read. */
function label(text: string): string {
  const safe = text.split("<br>").map((part) => part.replace(/[^\p{L}\p{N} .,:/_-]/gu, "_"));
  return `"${safe.join("<br>")}"`;
}
