import type { GrafanaObject } from "../../../lib/monitoring/dashboards";
import { formatValue } from "./format";

/** One line: its legend and its samples. */
export interface Line {
  readonly legend: string;
  readonly points: readonly (readonly [time: number, value: number])[];
}

/** Grafana's classic palette. */
const PALETTE = ["#73BF69", "#F2CC0C", "#5794F2", "#FF9830", "#F2495C", "#B877D9", "#8AB8FF", "#FFB357", "#37872D"];
/** Its named colours. */
const NAMED: Readonly<Record<string, string>> = {
  green: "#73BF69",
  orange: "#FF9830",
  red: "#F2495C",
  blue: "#5794F2",
  purple: "#B877D9",
  gray: "#8E8E99",
};

/** Colour of a line: the one that an override gives it, else the next of the palette. */
export function lineColor(panel: GrafanaObject, legend: string, index: number): string {
  const { overrides } = panel["fieldConfig"] as unknown as {
    overrides: { matcher: { options: string }; properties: { value: { fixedColor: string } }[] }[];
  };
  const override = overrides.find(({ matcher }) => new RegExp(matcher.options.slice(1, -1)).test(legend));
  return NAMED[override?.properties[0]?.value.fixedColor ?? ""] ?? PALETTE[index % PALETTE.length]!;
}

const LEFT = 64;
const BOTTOM = 18;
const TOP = 6;

/** A chart of lines as SVG. */
export function lineChart(
  lines: readonly Line[],
  size: { readonly width: number; readonly height: number },
  range: { readonly from: number; readonly to: number },
  panel: GrafanaObject,
): string {
  const field = (panel["fieldConfig"] as GrafanaObject)["defaults"] as GrafanaObject;
  const stacked = stackMode(field) === "normal";
  const drawn = stacked ? stack(lines) : lines.map(({ points }) => points);
  const unit = String(field["unit"]);
  const greatest = Math.max(...drawn.flatMap((points) => points.map(([, value]) => value)), 0);
  const top = typeof field["max"] === "number" ? field["max"] : niceTop(greatest);
  const width = size.width - LEFT - 8;
  const height = size.height - TOP - BOTTOM;
  const x = (time: number) => LEFT + ((time - range.from) / (range.to - range.from)) * width;
  const y = (value: number) => TOP + height - (value / top) * height;
  const path = (points: Line["points"]) =>
    points.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`).join(" ");

  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(top * share);
    return `<line x1="${LEFT}" x2="${LEFT + width}" y1="${at}" y2="${at}" class="grid"/><text x="${LEFT - 6}" y="${at + 3}" class="axis end">${formatValue(top * share, unit)}</text>`;
  });
  const hours = Math.round((range.to - range.from) / 3600);
  const times = Array.from({ length: hours * 2 + 1 }, (_, index) => range.from + index * 1800).map((time) => {
    const clock = new Date(time * 1000).toISOString().slice(11, 16);
    return `<text x="${x(time)}" y="${size.height - 3}" class="axis middle">${clock}</text>`;
  });
  const shapes = drawn
    .map((points, index) => {
      const colour = lineColor(panel, lines[index]!.legend, index);
      if (points.length === 0) return "";
      const below = stacked && index > 0 ? [...drawn[index - 1]!].reverse() : undefined;
      const floor = below ? path(below) : `${x(points.at(-1)![0])},${y(0)} ${x(points[0]![0])},${y(0)}`;
      return `<polygon points="${path(points)} ${floor}" fill="${colour}" opacity="${stacked ? 0.35 : 0.08}"/><polyline points="${path(points)}" stroke="${colour}" fill="none"/>`;
    })
    .reverse();
  const limits = thresholdValues(field).map(
    ([colour, value]) =>
      `<line x1="${LEFT}" x2="${LEFT + width}" y1="${y(value)}" y2="${y(value)}" stroke="${colour}" stroke-dasharray="6 4"/>`,
  );
  return `<svg width="${size.width}" height="${size.height}">${grid.join("")}${times.join("")}${shapes.join("")}${limits.join("")}</svg>`;
}

/** Lines added up from the first to the last. */
function stack(lines: readonly Line[]): Line["points"][] {
  const sums = new Map<number, number>();
  return lines.map(({ points }) =>
    points.map(([time, value]) => {
      sums.set(time, (sums.get(time) ?? 0) + value);
      return [time, sums.get(time)!] as const;
    }),
  );
}

/** The next round number above, so that the scale reads well. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 8, 10].find((step) => step * power >= value) ?? 10) * power;
}

function stackMode(field: GrafanaObject): string {
  const custom = field["custom"] as GrafanaObject | undefined;
  return String((custom?.["stacking"] as GrafanaObject | undefined)?.["mode"]);
}

function thresholdValues(field: GrafanaObject): [string, number][] {
  const custom = field["custom"] as GrafanaObject | undefined;
  if ((custom?.["thresholdsStyle"] as GrafanaObject | undefined)?.["mode"] === "off") return [];
  const { steps } = field["thresholds"] as unknown as { steps: { color: string; value: number | null }[] };
  return steps.flatMap(({ color, value }): [string, number][] => (value === null ? [] : [[color, value]]));
}
