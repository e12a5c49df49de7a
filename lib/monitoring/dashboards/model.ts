/** What a panel's numbers are, in Grafana's words; other renderers translate. */
export type Unit =
  | "short"
  | "percentunit"
  | "s"
  | "bytes"
  | "bps"
  | "pps"
  | "ops"
  | "opm"
  | "reqps"
  | "cps"
  | "percent"
  | "none";

/** One line or a family of lines. */
export interface PanelQuery {
  /** PromQL. */
  readonly expression: string;
  /** Legend, with labels as `{{label}}`. */
  readonly legend?: string;
}

/** Colours that mean something; everything else gets the next of a palette. */
export type Color = "green" | "orange" | "red" | "blue" | "purple" | "gray";

/** Where a number turns from good to bad. */
export interface PanelThresholds {
  /** First value that deserves a look. */
  readonly warning?: number;
  /** First value that is wrong. */
  readonly critical?: number;
  /** Whether small values are the bad ones; then the limits are the greatest bad values. @default false */
  readonly lowIsBad?: boolean;
}

/** One chart of a dashboard. */
export interface Panel {
  readonly title: string;
  /** What it shows and what to do when it looks wrong. */
  readonly description?: string;
  readonly kind: "stat" | "timeseries" | "bars";
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
  /** Columns of 24. */
  readonly width: number;
  /** Rows of about 30 pixels. */
  readonly height: number;
  readonly thresholds?: PanelThresholds;
  /** Colours by what the legend begins with: the same thing has the same colour everywhere. */
  readonly colors?: Readonly<Record<string, Color>>;
  /** Adds the lines up. @default false */
  readonly stacked?: boolean;
  /** Greatest value of the scale. @default - from the data */
  readonly max?: number;
  /** Least value of the scale. @default 0, but for series that go below */
  readonly min?: number;
}

/** Panels under one heading. */
export interface Section {
  /** Left out for panels above the first heading. */
  readonly title?: string;
  readonly panels: readonly Panel[];
}

/** A choice at the top of a dashboard. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** Grafana's `label_values(...)` of PromQL. */
  readonly query: string;
  /** Whether several values can be chosen, and all of them at once. @default false */
  readonly multiple?: boolean;
}

/** A dashboard, independent of what shows it. */
export interface Dashboard {
  /** Stable: links and bookmarks hold it. At most 40 letters, digits and dashes. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly variables: readonly Variable[];
  readonly sections: readonly Section[];
}

/** Where a panel stands in the grid of 24 columns. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A heading or a panel with its place. */
export type PlacedItem =
  | { readonly kind: "heading"; readonly title: string; readonly position: GridPosition }
  | { readonly kind: "panel"; readonly panel: Panel; readonly position: GridPosition };

/** Columns of the grid. */
export const GRID_COLUMNS = 24;

/** Places headings and panels from left to right and top to bottom; a panel that no longer fits begins a new line. */
export function placePanels(sections: readonly Section[]): PlacedItem[] {
  const items: PlacedItem[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    if (title !== undefined) {
      items.push({ kind: "heading", title, position: { x: 0, y, w: GRID_COLUMNS, h: 1 } });
      y += 1;
    }
    let x = 0;
    let lineHeight = 0;
    for (const panel of panels) {
      if (x + panel.width > GRID_COLUMNS) {
        y += lineHeight;
        x = 0;
        lineHeight = 0;
      }
      items.push({ kind: "panel", panel, position: { x, y, w: panel.width, h: panel.height } });
      x += panel.width;
      lineHeight = Math.max(lineHeight, panel.height);
    }
    y += lineHeight;
  }
  return items;
}

/**
 * Widens panels so that every line is full: what was left out for want of data leaves no holes.
 *
 * @param sections Their panels' widths say how many belong on a line, not where exactly.
 */
export function fillLines(sections: readonly Section[]): Section[] {
  return sections
    .filter(({ panels }) => panels.length > 0)
    .map((section) => ({ ...section, panels: linesOf(section.panels).flatMap(fillLine) }));
}

function linesOf(panels: readonly Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  let used = GRID_COLUMNS + 1;
  for (const panel of panels) {
    if (used + panel.width > GRID_COLUMNS) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(panel);
    used += panel.width;
  }
  return lines;
}

/** Shares a line's free columns out, one by one from the left, and makes its panels equally high. */
function fillLine(line: readonly Panel[]): Panel[] {
  const free = GRID_COLUMNS - line.reduce((sum, { width }) => sum + width, 0);
  const height = Math.max(...line.map((panel) => panel.height));
  return line.map((panel, index) => ({
    ...panel,
    height,
    width: panel.width + Math.floor(free / line.length) + (index < free % line.length ? 1 : 0),
  }));
}
