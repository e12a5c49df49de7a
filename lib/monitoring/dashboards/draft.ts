import type { AvailableSeries } from "../metrics";
import { type Select, seriesOf } from "../promql";
import { fillLines, type Panel, type PanelQuery, type Section } from "./model";

/** What the queries of a panel are written with. */
export interface QueryContext {
  /** Writes a selector with the dashboard's scope. */
  readonly select: Select;
  /** Range of rates, as the dashboard's program spells one that fits the zoom: `$__rate_interval`. */
  readonly window: string;
}

/** A panel before it is known where its data lie and whether there are any. */
export interface PanelDraft extends Omit<Panel, "queries"> {
  readonly queries: (context: QueryContext) => readonly PanelQuery[];
  /** Labels that the configured metrics must have, by series. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

/** A section of drafts. */
export interface SectionDraft {
  readonly title?: string;
  readonly panels: readonly PanelDraft[];
}

/** The sections of a dashboard with the panels that can have data, and nothing else. */
export function sectionsWithData(
  drafts: readonly SectionDraft[],
  available: AvailableSeries,
  context: QueryContext,
): Section[] {
  const sections = drafts.map(({ title, panels }) => ({
    ...(title !== undefined && { title }),
    panels: panels
      .filter((draft) => hasData(draft, available))
      .map(({ needs: _, queries, ...panel }): Panel => ({ ...panel, queries: queries(context) })),
  }));
  return fillLines(sections);
}

function hasData({ queries, needs = {} }: PanelDraft, available: AvailableSeries): boolean {
  return (
    seriesOf((select) => queries({ select, window: "5m" })).every((name) => available.has(name)) &&
    Object.entries(needs).every(([name, labels]) => labels.every((label) => available.get(name)?.has(label)))
  );
}
