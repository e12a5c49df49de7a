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

/** What differs; of a replacement what forces it. What is only known afterwards follows from the rest. */
function attributesOf({ actions, before, after, replacePaths }: PlannedChange): string {
  if (before === null || after === null) return "";
  const names =
    actions.length > 1
      ? replacePaths.map((path) => path.filter((step) => typeof step === "string").join("."))
      : Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return [...new Set(names)]
    .sort()
    .map((name) => `\`${name}\``)
    .join(", ");
}
