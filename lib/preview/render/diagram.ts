import type { Report, StackReport } from "../model/report";
import { escapeHtml } from "./markdown-escape";
import { byEnvironment, colour } from "./mermaid";
import { statusWords } from "./words";

const BOX = { width: 216, height: 52, gapX: 56, gapY: 14, left: 116, top: 14 };

/** The environments as lanes, their stacks in the order of deployment, coloured by what happens. One inline SVG. */
export function renderDiagram(report: Report, anchorOf: (stack: StackReport) => string): string {
  let y = BOX.top;
  let width = 0;
  const shapes: string[] = [];
  for (const [environment, stacks] of byEnvironment(report.stacks)) {
    const columns = columnsOf(stacks);
    const rows = Math.max(...columns.map(({ length }) => length));
    const height = rows * (BOX.height + BOX.gapY);
    shapes.push(`<text class="lane" x="8" y="${y + BOX.height / 2 + 5}">${escapeHtml(clip(environment, 13))}</text>`);
    const places = new Map<string, { readonly x: number; readonly y: number }>();
    columns.forEach((column, c) => {
      column.forEach((stack, r) => {
        places.set(stack.name, { x: BOX.left + c * (BOX.width + BOX.gapX), y: y + r * (BOX.height + BOX.gapY) });
      });
    });
    for (const stack of stacks) {
      for (const dependency of stack.dependencies) {
        const [from, to] = [places.get(dependency), places.get(stack.name)];
        if (from && to) shapes.push(edge(from, to));
      }
    }
    for (const stack of stacks) shapes.push(box(stack, places.get(stack.name)!, anchorOf(stack)));
    width = Math.max(width, BOX.left + columns.length * (BOX.width + BOX.gapX));
    y += height + BOX.gapY;
  }
  const marker =
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>';
  const label = `Stacks of ${byEnvironment(report.stacks).size} environments in the order of deployment`;
  return `<svg role="img" aria-label="${escapeHtml(label)}" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}">${marker}${shapes.join("")}</svg>`;
}

/** Stacks by how many others lie below them. */
function columnsOf(stacks: readonly StackReport[]): readonly (readonly StackReport[])[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const depths = new Map<string, number>();
  const depth = (stack: StackReport, trail: ReadonlySet<string>): number => {
    const known = depths.get(stack.name);
    if (known !== undefined) return known;
    const below = stack.dependencies.flatMap((name) => (trail.has(name) ? [] : (byName.get(name) ?? [])));
    const own = Math.max(-1, ...below.map((other) => depth(other, new Set([...trail, stack.name])))) + 1;
    depths.set(stack.name, own);
    return own;
  };
  const columns: StackReport[][] = [];
  for (const stack of stacks) {
    const column = depth(stack, new Set());
    while (columns.length <= column) columns.push([]);
    columns[column]!.push(stack);
  }
  return columns.filter(({ length }) => length > 0);
}

function box(stack: StackReport, { x, y }: { readonly x: number; readonly y: number }, anchor: string): string {
  const title = `${stack.name}: ${statusWords(stack)}`;
  return [
    `<a class="${colour(stack)}" href="#${anchor}"><title>${escapeHtml(title)}</title>`,
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>`,
    `<text x="${x + 12}" y="${y + 21}">${escapeHtml(clip(stack.name, 27))}</text>`,
    `<text class="sub" x="${x + 12}" y="${y + 39}">${escapeHtml(clip(statusWords(stack), 33))}</text></a>`,
  ].join("");
}

function edge(
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): string {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x - 2, to.y + BOX.height / 2];
  const bend = BOX.gapX / 2;
  return `<path marker-end="url(#arrow)" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>`;
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
