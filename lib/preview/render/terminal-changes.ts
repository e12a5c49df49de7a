import type { ResourceReport, StackReport } from "../model/report";
import { chartSummary, type DiffLine, diffLinesOf } from "./lines";
import type { Paint, Painter } from "./paint";
import { ACTION_WORDS, plural, SYMBOLS } from "./words";

/** How much is told of the changes. */
export interface ChangeDetail {
  /** Lines of each resource's diff. */
  readonly diff: number;
  /** Resources of each stack; more are counted. */
  readonly resources: number;
}

/** Lines of one resource before the rest is only counted, however much room there is. */
export const LONGEST_DIFF = 400;

const ACTION_PAINT: Readonly<Partial<Record<ResourceReport["action"], Paint>>> = {
  create: "green",
  update: "yellow",
  replace: "red",
  delete: "red",
  forget: "magenta",
  other: "red",
};
const LINE: Readonly<Record<DiffLine["kind"], { readonly sign: string; readonly paint?: Paint }>> = {
  added: { sign: "+", paint: "green" },
  removed: { sign: "-", paint: "red" },
  context: { sign: " ", paint: "dim" },
  hunk: { sign: "·", paint: "cyan" },
  note: { sign: "·", paint: "dim" },
  forces: { sign: "!", paint: "magenta" },
};

export function changesOf(stack: StackReport, detail: ChangeDetail, painter: Painter): readonly string[] {
  if (detail.resources === 0 || (stack.resources.length === 0 && stack.drift.length === 0)) return [];
  const shown = stack.resources.slice(0, detail.resources);
  const left = stack.resources.length - shown.length;
  return [
    "",
    painter.heading(stack.name),
    ...shown.flatMap((resource) => resourceOf(resource, detail, painter)),
    ...(left > 0 ? painter.indent(`and ${plural(left, "more change", true)}`, 2, "dim") : []),
    ...stack.drift
      .slice(0, detail.resources)
      .flatMap(({ address, action }) =>
        painter.indent(
          `changed outside Terraform: ${address} ${action === "delete" ? "is gone" : "was edited"}`,
          0,
          "yellow",
        ),
      ),
  ];
}

function resourceOf(resource: ResourceReport, { diff }: ChangeDetail, painter: Painter): readonly string[] {
  const head = painter.flow(
    4,
    [SYMBOLS[resource.action], "bold", ACTION_PAINT[resource.action] ?? "dim"],
    [resource.address, "bold"],
    [ACTION_WORDS[resource.action]],
    [resource.rules.join(" "), "dim"],
  );
  if (diff === 0) return head;
  const lines = diffLinesOf(resource);
  const shown = lines.slice(0, diff).flatMap(({ kind, text }) => {
    const { sign, paint } = LINE[kind];
    return painter
      .wrap(`${sign} ${text}`, 2, painter.width - 4)
      .map((line) => `    ${paint ? painter.paint(line, paint) : line}`);
  });
  return [
    ...head,
    ...(resource.constructPath && diff >= LONGEST_DIFF ? painter.indent(resource.constructPath, 4, "dim") : []),
    ...resource.why.flatMap((line) => painter.indent(line, 4, "magenta")),
    ...shown,
    ...(lines.length > diff ? painter.indent(`and ${plural(lines.length - diff, "more line", true)}`, 4, "dim") : []),
    ...chartOf(resource.chart, diff, painter),
  ];
}

function chartOf(chart: ResourceReport["chart"], diff: number, painter: Painter): readonly string[] {
  if (!chart) return [];
  const defaults = chart.changedDefaults
    .slice(0, diff >= LONGEST_DIFF ? 40 : 3)
    .map(({ key, before, after }) => `${key}: ${cut(before)} → ${cut(after)}`);
  const more = chart.changedDefaults.length - defaults.length;
  return [
    ...painter.indent(`chart ${chart.chart} ${chart.from} → ${chart.to}`, 4, "cyan"),
    ...chartSummary(chart).flatMap((line) => painter.indent(line, 6)),
    ...defaults.flatMap((line) => painter.indent(line, 8, "dim")),
    ...(more > 0 ? painter.indent(`and ${plural(more, "more default", true)}`, 8, "dim") : []),
  ];
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
