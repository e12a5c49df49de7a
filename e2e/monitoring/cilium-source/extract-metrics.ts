import type { MetricCatalogue, MetricDescription } from "../../../lib/monitoring/metrics";
import { bracedItems, callArguments, type GoFile, GoSource } from "./go-source";

/** Families that no environment of this library has, or that exist in other programs than those it scrapes. */
const LEFT_OUT = /^(cilium(_operator)?_feature_|hubble_(?!lost_events|metrics_|dynamic_|relay_))/;
const LEFT_OUT_PACKAGES = /^(pkg\/(clustermesh|ztunnel|bgp|act|kvstore)|operator\/pkg\/(bgp|ztunnel|ipam))\//;

/** Declared by helper functions that take the name as an argument, which reading constants does not follow. */
const BY_HELPERS: MetricCatalogue = {
  cilium_bpf_map_pressure: { component: "cilium-agent", type: "gauge", labels: ["map_name"] },
  cilium_errors_warnings_total: { component: "cilium-agent", type: "counter", labels: ["level", "subsystem"] },
  cilium_operator_errors_warnings_total: {
    component: "cilium-operator",
    type: "counter",
    labels: ["level", "subsystem"],
  },
};

/**
 * Metrics that Cilium's programs declare, read out of their source: name, type, labels, whether they are off unless
 * asked for, and whether anything in the source ever gives them a value.
 *
 * @param root Directory of the Go module github.com/cilium/cilium.
 */
export function extractMetrics(root: string): MetricCatalogue {
  const source = new GoSource(root, "github.com/cilium/cilium", ["pkg", "operator", "daemon", "hubble-relay"]);
  const all = source.files.map(({ text }) => text).join("\n");
  const found = new Map<string, MetricDescription>(Object.entries(BY_HELPERS));
  for (const file of source.files) {
    if (LEFT_OUT_PACKAGES.test(file.path)) continue;
    for (const { name, field, ...metric } of [...constructors(source, file), ...descriptions(source, file)]) {
      if (LEFT_OUT.test(name)) continue;
      const before = found.get(name);
      const labels = [...new Set([...(before?.labels ?? []), ...metric.labels])].sort();
      const unused = field !== undefined && !new RegExp(`\\b\\w*metrics\\.${field}\\b`, "i").test(all);
      found.set(name, { ...(before ?? metric), labels, ...(unused && { unused }) });
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The catalogue as text, one metric a line. */
export function catalogueText(catalogue: MetricCatalogue): string {
  const lines = Object.entries(catalogue).map(
    ([name, metric]) => `  ${JSON.stringify(name)}: ${JSON.stringify(metric)}`,
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

interface DeclaredMetric extends MetricDescription {
  readonly name: string;
  /** Field of the global struct of metrics that holds it. */
  readonly field?: string;
}

/** `metric.NewCounterVec(metric.CounterOpts{...}, []string{...})` and its relatives. */
function* constructors(source: GoSource, file: GoFile): Generator<DeclaredMetric> {
  const call =
    /(?:(\w+):\s*)?\b(?:metric|prometheus)\.New(Counter|Gauge|Histogram|Summary)(Vec|VecWithLabels|Func)?\(/g;
  for (const match of file.text.matchAll(call)) {
    const [options = "", labels] = callArguments(file.text, match.index + match[0].length - 1);
    if (!/Opts\{/.test(options)) continue;
    const fields = new Map(bracedItems(options).map((item) => split(item, ":")));
    const parts = ["Namespace", "Subsystem", "Name"].map((key) => {
      const expression = fields.get(key);
      return expression === undefined ? "" : source.stringOf(expression, file);
    });
    // A name that is computed belongs to one of the families that are listed by hand or left out.
    if (parts.includes(undefined) || parts[2] === "") continue;
    const name = parts.filter((part) => part !== "").join("_");
    yield {
      name,
      component: componentOf(name, file),
      type: match[2]!.toLowerCase() as MetricDescription["type"],
      labels: match[3] === undefined || match[3] === "Func" ? [] : labelNames(source, file, labels),
      ...(fields.get("Disabled") === "true" && { disabled: true }),
      // Only this struct is a set of globals; others are private to the code that uses them.
      ...(file.path === "pkg/metrics/metrics.go" && match[1] !== undefined && { field: match[1] }),
    };
  }
}

/** `prometheus.NewDesc(prometheus.BuildFQName(...), help, []string{...}, nil)` */
function* descriptions(source: GoSource, file: GoFile): Generator<DeclaredMetric> {
  for (const match of file.text.matchAll(/prometheus\.NewDesc\(/g)) {
    const [full = "", , labels] = callArguments(file.text, match.index + match[0].length - 1);
    const built = /BuildFQName\(/.test(full) ? callArguments(full, full.indexOf("(")) : [full];
    const parts = built.map((part) => source.stringOf(part, file));
    if (parts.includes(undefined)) continue;
    const name = parts.filter((part) => part !== "").join("_");
    yield {
      name,
      component: componentOf(name, file),
      type: name.endsWith("_total") ? "counter" : "gauge",
      labels: labelNames(source, file, labels),
    };
  }
}

/** Names in `[]string{...}` or `metric.Labels{{Name: ...}, ...}`; what is no constant is no label of a metric we list. */
function labelNames(source: GoSource, file: GoFile, text: string | undefined): string[] {
  if (text === undefined) return [];
  const expressions = /Labels\{/.test(text)
    ? [...text.matchAll(/\{\s*Name:\s*([^,}\n]+)/g)].map(([, name]) => name!)
    : /^\[\]string\{/.test(text)
      ? bracedItems(text)
      : [];
  return expressions.flatMap((expression) => source.stringOf(expression, file) ?? []).sort();
}

function componentOf(name: string, { path }: GoFile): MetricDescription["component"] {
  if (name.startsWith("cilium_operator_") || path.startsWith("operator/")) return "cilium-operator";
  if (/^(pkg\/hubble\/relay|hubble-relay)\//.test(path)) return "hubble-relay";
  return path.startsWith("pkg/hubble/") ? "hubble" : "cilium-agent";
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
