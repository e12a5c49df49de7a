import { Fn, Op, Token } from "cdktf";
import { isKnown } from "../validation";

// What a value becomes where Terraform may decide it: what is known is computed here, what is not by Terraform.

/** The opposite of a flag. */
export function negated(flag: boolean): boolean {
  return isKnown(flag) ? !flag : (Op.not(flag) as unknown as boolean);
}

/** One text where a flag holds, another where it does not. */
export function either<T extends string>(flag: boolean, yes: T, no: T): T {
  return isKnown(flag) ? (flag ? yes : no) : (Token.asString(Fn.conditional(flag, yes, no)) as T);
}

/** Labels of our own besides the author's, which win. */
export function withLabels(
  own: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  if (given === undefined) return { ...own };
  return isKnown(given) ? { ...own, ...given } : Token.asStringMap(Fn.merge([own, given]));
}

/** Lists of texts one after the other. */
export function joined(...lists: readonly (readonly string[] | undefined)[]): string[] {
  const given = lists.flatMap((list) => (list === undefined ? [] : [[...list]]));
  return given.every((list) => isKnown(list)) ? given.flat() : Token.asList(Fn.concat(given));
}

/** Minutes, or so many of them, as the API takes a duration. */
export function seconds(count: number, minutes = 1): string {
  const each = 60 * minutes;
  return isKnown(count) ? `${Math.round(count * each)}s` : `${Token.asString(Op.mul(count, each))}s`;
}
