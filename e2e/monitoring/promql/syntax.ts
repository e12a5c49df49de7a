import { parser } from "@prometheus-io/lezer-promql";

/** A node of a PromQL syntax tree. */
export type PromqlNode = PromqlTree["topNode"];
type PromqlTree = ReturnType<typeof parser.parse>;

/** A parsed query. */
export interface Query {
  readonly text: string;
  readonly tree: PromqlTree;
  readonly root: PromqlNode;
}

/** Thrown for text that is not PromQL. */
export class PromqlSyntaxError extends Error {}

/**
 * Parses PromQL. Grafana's variables may stand where Grafana replaces them: intervals become five minutes, everything
 * else only occurs inside of strings.
 *
 * @throws PromqlSyntaxError naming the place.
 */
export function parsePromql(written: string): Query {
  const text = written.replaceAll(/\$__(rate_interval|interval|range)\b|\$\{__(rate_interval|interval|range)\}/g, "5m");
  if (text.trim() === "") throw new PromqlSyntaxError("an empty query");
  const tree = parser.parse(text);
  tree.iterate({
    enter: (node) => {
      if (node.type.isError)
        throw new PromqlSyntaxError(`not PromQL at '${text.slice(node.from, node.from + 20)}': ${written}`);
    },
  });
  return { text, tree, root: tree.topNode.firstChild! };
}

/** Direct children of a node. */
export function children(node: PromqlNode): PromqlNode[] {
  const found: PromqlNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

/** Direct children with a name. */
export function childrenNamed(node: PromqlNode, ...names: string[]): PromqlNode[] {
  return children(node).filter((child) => names.includes(child.name));
}

/** The text of a node. */
export function textOf(query: Query, node: PromqlNode): string {
  return query.text.slice(node.from, node.to);
}

/** The value of a string literal. */
export function stringValue(query: Query, node: PromqlNode): string {
  const text = textOf(query, node);
  return text.startsWith('"') ? (JSON.parse(text) as string) : text.slice(1, -1);
}

/** A condition on a label: `status=~"5.."`. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** A selector of time series. */
export interface Selector {
  readonly series: string;
  readonly matchers: readonly Matcher[];
}

/** Reads a `VectorSelector` node. */
export function readSelector(query: Query, node: PromqlNode): Selector {
  const [name] = childrenNamed(node, "Identifier");
  const matchers = childrenNamed(node, "LabelMatchers")
    .flatMap(children)
    .filter(({ name }) => name === "UnquotedLabelMatcher")
    .map((matcher): Matcher => {
      const [label, operator, value] = children(matcher);
      return {
        label: textOf(query, label!),
        operator: textOf(query, operator!) as Matcher["operator"],
        value: stringValue(query, value!),
      };
    });
  return { series: name ? textOf(query, name) : "", matchers };
}

/** Every selector of a query, in the order in which they are written. */
export function selectorsOf(query: Query): Selector[] {
  const found: Selector[] = [];
  query.tree.iterate({
    enter: (node) => {
      if (node.name === "VectorSelector") found.push(readSelector(query, node.node));
    },
  });
  return found;
}

/** Every range (`[5m]`) of a query, as written. */
export function rangesOf(query: Query): string[] {
  const found: string[] = [];
  query.tree.iterate({
    enter: (node) => {
      if (node.name === "NumberDurationLiteralInDurationContext") found.push(query.text.slice(node.from, node.to));
    },
  });
  return found;
}
