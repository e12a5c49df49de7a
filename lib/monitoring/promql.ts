/**
 * Writes selectors of time series that carry a fixed scope.
 *
 * In the cluster's own Prometheus the scope is empty or a dashboard's variable; Cloud Monitoring holds the series of
 * many clusters, so that every selector there must name its cluster or it mixes them up.
 *
 * @param metric Name of a time series.
 * @param matchers Label matchers as PromQL has them: `reason="Policy denied"`, `status=~"5.."`.
 */
export type Select = (metric: string, ...matchers: string[]) => string;

/** A {@link Select} whose every selector has these matchers too. */
export function selectWithin(...scope: string[]): Select {
  return (metric, ...matchers) => {
    const all = [...matchers, ...scope];
    return all.length > 0 ? `${metric}{${all.join(", ")}}` : metric;
  };
}

/** A PromQL string literal. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The names of the time series that a text written with {@link Select} reads, found by writing it once. */
export function seriesOf(write: (select: Select) => unknown): string[] {
  const names = new Set<string>();
  write((metric) => {
    names.add(metric);
    return metric;
  });
  return [...names];
}
