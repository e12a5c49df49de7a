import type { GrafanaObject } from "../../../lib/monitoring/dashboards";
import { type Line, lineChart, lineColor } from "./chart";
import { formatValue } from "./format";

/** Grafana's grid: 24 columns, rows of 30 pixels with gaps of 8. */
const COLUMN = 60;
const ROW = 38;
const GAP = 8;
const TITLE = 26;
const LEGEND = 30;

/** Answers to the queries of a panel, by panel id. */
export type PanelData = ReadonlyMap<number, readonly Line[]>;

interface Grid {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A Grafana model as a page: the places, sizes, units, colours and limits of the model, with the data given. */
export function dashboardPage(
  model: GrafanaObject,
  data: PanelData,
  range: { readonly from: number; readonly to: number },
): string {
  const panels = model["panels"] as unknown as GrafanaObject[];
  const bottom = Math.max(...panels.map((panel) => grid(panel).y + grid(panel).h));
  const drawn = panels.map((panel) => {
    const { x, y, w, h } = grid(panel);
    const box = `left:${x * COLUMN}px;top:${y * ROW}px;width:${w * COLUMN - GAP}px;height:${h * ROW - GAP}px`;
    if (panel["type"] === "row") return `<div class="row" style="${box}">⌄ ${escapeHtml(String(panel["title"]))}</div>`;
    const lines = data.get(Number(panel["id"])) ?? [];
    const size = { width: w * COLUMN - GAP, height: h * ROW - GAP };
    return `<div class="panel" style="${box}"><div class="title">${escapeHtml(String(panel["title"]))}</div>${body(panel, lines, size, range)}</div>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><h1>${escapeHtml(String(model["title"]))}</h1><div class="grid-area" style="width:${24 * COLUMN}px;height:${bottom * ROW}px">${drawn.join("\n")}</div>`;
}

function body(
  panel: GrafanaObject,
  lines: readonly Line[],
  size: { width: number; height: number },
  range: { from: number; to: number },
): string {
  const field = (panel["fieldConfig"] as GrafanaObject)["defaults"] as GrafanaObject;
  const unit = String(field["unit"]);
  if (lines.every(({ points }) => points.length === 0)) return '<div class="empty">No data</div>';
  if (panel["type"] === "stat") {
    const value = lines[0]!.points.at(-1)![1];
    const plain = (panel["options"] as GrafanaObject)["colorMode"] === "none";
    const background = plain ? "transparent" : colourOf(value, field);
    return `<div class="stat" style="background:${background}">${formatValue(rounded(value, field), unit)}</div>`;
  }
  if (panel["type"] === "bargauge") return bars(lines, unit);
  const legend = lines.map(
    ({ legend }, index) =>
      `<span><i style="background:${lineColor(panel, legend, index)}"></i>${escapeHtml(legend)}</span>`,
  );
  const chart = lineChart(lines, { width: size.width, height: size.height - TITLE - LEGEND }, range, panel);
  return `${chart}<div class="legend">${legend.join("")}</div>`;
}

/** Decimals of a share count from its percent. */
function rounded(value: number, { decimals, unit }: GrafanaObject): number {
  if (typeof decimals !== "number") return value;
  const scale = 10 ** (decimals + (unit === "percentunit" ? 2 : 0));
  return Math.round(value * scale) / scale;
}

function bars(lines: readonly Line[], unit: string): string {
  const values = lines.map(({ legend, points }) => ({ legend, value: points.at(-1)?.[1] ?? 0 }));
  const greatest = Math.max(...values.map(({ value }) => value), Number.MIN_VALUE);
  const rows = values.map(
    ({ legend, value }) =>
      `<div class="bar"><span>${escapeHtml(legend)}</span><b style="width:${(value / greatest) * 60}%"></b>${formatValue(value, unit)}</div>`,
  );
  return `<div class="bars">${rows.join("")}</div>`;
}

/** The last step at or below a value decides. */
function colourOf(value: number, field: GrafanaObject): string {
  const { steps } = field["thresholds"] as unknown as { steps: { color: string; value: number | null }[] };
  const step = steps.filter((candidate) => candidate.value === null || candidate.value <= value).at(-1);
  return { green: "#1A7F37", orange: "#C46B0A", red: "#B42318" }[step?.color ?? "green"] ?? "#1A7F37";
}

function grid(panel: GrafanaObject): Grid {
  return panel["gridPos"] as unknown as Grid;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const STYLE = `
body{margin:16px;background:#111217;color:#ccccdc;font:13px Inter,"DejaVu Sans",sans-serif}
h1{font-size:18px;font-weight:500;margin:0 0 12px}
.grid-area{position:relative}
.panel,.row{position:absolute;box-sizing:border-box;overflow:hidden}
.panel{background:#181b1f;border:1px solid #24262c;border-radius:2px}
.row{padding:6px 4px;font-size:15px;font-weight:500}
.title{height:${TITLE}px;line-height:${TITLE}px;padding:0 8px;font-weight:500;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.stat{height:calc(100% - ${TITLE}px);display:flex;align-items:center;justify-content:center;font-size:34px;font-weight:600;color:#fff}
.legend{height:${LEGEND}px;padding:2px 10px;overflow:hidden;font-size:11px;white-space:nowrap;text-overflow:ellipsis}
.legend span{margin-right:12px}.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin:0 5px 2px 0}
.empty{display:flex;height:70%;align-items:center;justify-content:center;color:#f2495c}
.grid{stroke:#2b2e35}.axis{fill:#8e8e99;font-size:10px}.end{text-anchor:end}.middle{text-anchor:middle}
.bars{padding:8px}.bar{display:flex;align-items:center;gap:8px;margin:6px 0}.bar span{width:200px;text-align:right}.bar b{display:block;height:16px;background:#73BF69}
`;
