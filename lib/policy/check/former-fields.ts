import { lookUp } from "../../facts/look-up";

/** A field of a rule that Cilium once read. */
interface FormerField {
  readonly rule: string;
  readonly remedy: string;
}

const NO_PARSER: FormerField = {
  rule: "is for a protocol whose rules Cilium 1.20 has removed, and the API server would drop it without a word",
  remedy: "allow the port, and leave the rules out",
};

/** Cilium's upgrade notes (Documentation/operations/upgrade.rst, 1.20): rules for Kafka and for parsers of Envoy in Go. */
const FORMER_FIELDS: Readonly<Record<string, FormerField>> = { kafka: NO_PARSER, l7: NO_PARSER, l7proto: NO_PARSER };

/** What to say of a field that a definition had once and has no more. */
export function formerField(name: string): FormerField | undefined {
  return lookUp(FORMER_FIELDS, name);
}
