import type { PlannedChange } from "../../e2e/rig/plan";

/** The plans of an upgrade, by stack. */
export type UpgradePlans = ReadonlyMap<string, readonly PlannedChange[]>;

const WORDS: Readonly<Record<string, string>> = { create: "new", update: "in place", delete: "removed" };

/** As a table, as the changelog has it: each object with what happens to it and which attributes differ. */
export function renderUpgrade(plans: UpgradePlans): string {
  const rows = [...plans].flatMap(([stack, changes]) =>
    changes.map((change) => `| \`${stack}\` | ${wordOf(change)} | \`${change.address}\` | ${attributesOf(change)} |`),
  );
  if (rows.length === 0) return "Nothing: all plans are empty.";
  return ["| stack | plan | object | attributes |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function wordOf({ actions }: PlannedChange): string {
  return actions.length > 1 ? "replace" : (WORDS[actions[0] ?? ""] ?? actions.join(", "));
}

function attributesOf({ before, after }: PlannedChange): string {
  if (before === null || after === null) return "";
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `\`${name}\``)
    .join(", ");
}
