import type { ChartUpgrade, FieldChange, ResourceReport } from "../model/report";

/** One line of a resource's diff: what kind of line, and its text without a sign. */
export interface DiffLine {
  readonly kind: "added" | "removed" | "context" | "hunk" | "note" | "forces";
  readonly text: string;
}

/** A resource's changes as lines; each renderer only colours and escapes them. */
export function diffLinesOf(resource: ResourceReport): readonly DiffLine[] {
  const lines = resource.fields.flatMap(fieldLines);
  if (resource.recomputed.length > 0 && resource.fields.length > 0) {
    lines.push({
      kind: "note",
      text: `${resource.recomputed.length} more known after the apply${few(resource.recomputed)}`,
    });
  }
  return lines;
}

function fieldLines(field: FieldChange): DiffLine[] {
  const lines: DiffLine[] = [];
  if (field.lines) {
    lines.push({ kind: "hunk", text: field.path });
    for (const line of field.lines) lines.push(textLine(line));
  } else {
    const single = field.before === undefined && field.after === undefined;
    if (single) lines.push({ kind: "note", text: `${field.path}: ${field.note ?? "changes"}` });
    if (field.before !== undefined) lines.push({ kind: "removed", text: `${field.path}: ${field.before}` });
    if (field.after !== undefined) lines.push({ kind: "added", text: `${field.path}: ${field.after}` });
    if (!single && field.note) lines.push({ kind: "note", text: `${field.path} ${field.note}` });
  }
  if (field.forces) lines.push({ kind: "forces", text: `${field.path} forces the replacement` });
  return lines.flatMap((line) => line.text.split("\n").map((text) => ({ kind: line.kind, text })));
}

function textLine(line: string): DiffLine {
  if (line.startsWith("@@")) return { kind: "hunk", text: line };
  const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "context";
  return { kind, text: line.slice(1) };
}

/** What a chart upgrade brings besides the values, as sentences. */
export function chartSummary(chart: ChartUpgrade): readonly string[] {
  const lines: string[] = [];
  const { changedDefaults, removedInUse, removed, added } = chart;
  if (removedInUse.length > 0) lines.push(`values set here that it no longer knows: ${removedInUse.join(", ")}`);
  if (changedDefaults.length > 0) {
    const one = changedDefaults.length === 1;
    lines.push(
      one
        ? "1 default changes under this release, which does not set it"
        : `${changedDefaults.length} defaults change under this release, which does not set them`,
    );
  }
  if (removed.length > 0) lines.push(`${removed.length} values are gone, ${added} are new`);
  return [...lines, chart.basis];
}

/** A handful is named; of a replacement every computed attribute is in the list, and that says nothing. */
function few(items: readonly string[]): string {
  return items.length > 6 ? "" : `: ${items.join(", ")}`;
}
