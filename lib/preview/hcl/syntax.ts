/** An expression of Terraform's language as far as it is read here: enough for what a synth writes. */
export type Node =
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "template"; readonly parts: readonly (string | Node)[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Node; readonly name: string }
  | { readonly kind: "index"; readonly of: Node; readonly key: Node }
  | { readonly kind: "splat"; readonly of: Node; readonly rest: readonly string[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Node, Node])[] }
  | { readonly kind: "tuple"; readonly items: readonly Node[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Node[]; readonly spread: boolean }
  | { readonly kind: "unary"; readonly op: "-" | "!"; readonly of: Node }
  | { readonly kind: "binary"; readonly op: string; readonly left: Node; readonly right: Node }
  | { readonly kind: "conditional"; readonly test: Node; readonly yes: Node; readonly no: Node }
  | ForNode;

export interface ForNode {
  readonly kind: "for";
  readonly names: readonly string[];
  readonly in: Node;
  /** Set for an object. */
  readonly key?: Node;
  readonly value: Node;
  readonly grouped: boolean;
  readonly condition?: Node;
}

/** What is not understood: the text stays as it is. */
export class SyntaxProblem extends Error {}
