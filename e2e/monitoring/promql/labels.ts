import {
  children,
  childrenNamed,
  type PromqlNode,
  type Query,
  readSelector,
  type Selector,
  stringValue,
  textOf,
} from "./syntax";

/** Names of time series and the labels that each has. */
export type SeriesLabels = ReadonlyMap<string, ReadonlySet<string>>;

/** What a query reads and returns, and why it could never return anything. */
export interface QueryAnalysis {
  /** Labels of the result. */
  readonly labels: ReadonlySet<string>;
  /** Each reason in one phrase. */
  readonly faults: readonly string[];
  /** Labels that each series must have for the query to work. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Where labels come from: each label of an intermediate result and the series that must have it. */
type Origin = ReadonlyMap<string, readonly string[]>;

/**
 * Follows labels through a query: from its selectors through functions, groupings and matches of two sides.
 * It finds selectors of series or labels that do not exist, groupings by labels that are gone, and binary operations
 * whose two sides have different labels and so can never match.
 */
export function analyse(query: Query, available: SeriesLabels): QueryAnalysis {
  const faults: string[] = [];
  const needs = new Map<string, Set<string>>();
  const need = (series: string, label: string) => {
    needs.set(series, (needs.get(series) ?? new Set()).add(label));
  };

  const visit = (node: PromqlNode): Origin | undefined => {
    switch (node.name) {
      case "VectorSelector":
        return visitSelector(readSelector(query, node));
      case "AggregateExpr":
        return visitAggregation(node);
      case "BinaryExpr":
        return visitBinary(node);
      case "FunctionCall":
        return visitFunction(node);
      case "NumberDurationLiteral":
      case "StringLiteral":
        return undefined;
      default: {
        // Parentheses, ranges, offsets, signs: what they hold.
        const [inner] = children(node)
          .map(visit)
          .filter((origin) => origin !== undefined);
        return inner;
      }
    }
  };

  const visitSelector = ({ series, matchers }: Selector): Origin => {
    if (!needs.has(series)) needs.set(series, new Set());
    const known = available.get(series);
    if (!known) faults.push(`reads ${series}, which does not exist`);
    for (const { label } of matchers) {
      need(series, label);
      if (known && !known.has(label)) faults.push(`selects ${series} by ${label}, which it does not have`);
    }
    return new Map([...(known ?? [])].map((label) => [label, [series]]));
  };

  /** The labels as a grouping or a match needs them. */
  const require = (origin: Origin, labels: readonly string[], use: string): void => {
    for (const label of labels) {
      const series = origin.get(label);
      if (!series) faults.push(`${use} ${label}, which is not there`);
      for (const name of series ?? []) need(name, label);
    }
  };

  const visitAggregation = (node: PromqlNode): Origin => {
    const [body] = childrenNamed(node, "FunctionCallBody");
    const inner =
      children(body!)
        .map(visit)
        .find((origin) => origin !== undefined) ?? new Map<string, string[]>();
    const [modifier] = childrenNamed(node, "AggregateModifier");
    const labels = modifier ? grouping(modifier) : [];
    if (modifier && childrenNamed(modifier, "Without").length > 0)
      return new Map([...inner].filter(([label]) => !labels.includes(label)));
    require(inner, labels, "groups by");
    const operator = textOf(query, childrenNamed(node, "AggregateOp")[0]!);
    // These two choose among series instead of making new ones.
    if (/^(topk|bottomk)$/i.test(operator)) return inner;
    return new Map(labels.map((label) => [label, inner.get(label) ?? []]));
  };

  const visitBinary = (node: PromqlNode): Origin | undefined => {
    const operands = children(node).filter(({ name }) => /Expr$|Call$|Selector$|Literal$/.test(name));
    const [left, right] = operands.map(visit);
    if (!left || !right) return left ?? right;
    const [modifier] = childrenNamed(node, "MatchingModifierClause");
    if (!modifier) {
      const missing = symmetricDifference(left, right);
      if (missing.length > 0 && !isSetOperation(node))
        faults.push(`matches two sides of which only one has ${missing.join(", ")}`);
      return left;
    }
    const [labels = [], extra = []] = childrenNamed(modifier, "GroupingLabels").map(labelNames);
    if (childrenNamed(modifier, "On").length === 0) return left;
    require(left, labels, "matches on");
    require(right, labels, "matches on");
    if (childrenNamed(modifier, "GroupLeft", "GroupRight").length === 0)
      return new Map([...left].filter(([label]) => labels.includes(label)));
    return new Map([...left, ...[...right].filter(([label]) => extra.includes(label))]);
  };

  const visitFunction = (node: PromqlNode): Origin | undefined => {
    const name = textOf(query, childrenNamed(node, "FunctionIdentifier")[0]!);
    const [body] = childrenNamed(node, "FunctionCallBody");
    const args = body ? children(body) : [];
    const inner = args.map(visit).find((origin) => origin !== undefined);
    if (!inner) return name === "vector" ? new Map() : undefined;
    if (name === "absent" || name === "absent_over_time") return new Map();
    if (name === "label_replace" || name === "label_join") {
      const target = stringValue(query, args[1]!);
      const source = name === "label_replace" ? stringValue(query, args[3]!) : undefined;
      if (source !== undefined) require(inner, [source], "replaces from");
      return new Map([...inner, [target, []]]);
    }
    if (name === "histogram_quantile") {
      require(inner, ["le"], "takes quantiles over");
      return new Map([...inner].filter(([label]) => label !== "le"));
    }
    return inner;
  };

  const grouping = (modifier: PromqlNode) => childrenNamed(modifier, "GroupingLabels").flatMap(labelNames);
  const labelNames = (node: PromqlNode) => childrenNamed(node, "LabelName").map((label) => textOf(query, label));

  const labels = new Set(visit(query.root)?.keys() ?? []);
  return { labels, faults, needs };
}

function symmetricDifference(left: Origin, right: Origin): string[] {
  return [
    ...[...left.keys()].filter((label) => !right.has(label)),
    ...[...right.keys()].filter((label) => !left.has(label)),
  ];
}

function isSetOperation(node: PromqlNode): boolean {
  return childrenNamed(node, "And", "Or", "Unless").length > 0;
}
