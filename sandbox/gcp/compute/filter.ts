import { badRequest } from "../http/errors";
import { at, type Json, type JsonObject } from "../json";

const CLAUSE = /^\s*\(?\s*([\w.]+)\s*(!=|=|:|\beq\b|\bne\b)\s*("[^"]*"|'[^']*'|[^\s()]+)\s*\)?\s*$/;

/**
 * Compute's filter expressions: comparisons joined by AND (or put side by side in brackets). `=` compares, `eq` and `ne`
 * match a regular expression, `:` looks for a part.
 *
 * @throws ApiError 400 where the expression is not understood, so that no list is silently too long.
 */
export function filterResources<T extends JsonObject>(resources: readonly T[], filter: string | null): T[] {
  if (!filter) return [...resources];
  const tests = filter
    .replace(/\)\s*\(/g, ") AND (")
    .split(/\s+AND\s+/)
    .map((clause) => compile(clause, filter));
  return resources.filter((resource) => tests.every((test) => test(resource)));
}

function compile(clause: string, filter: string): (resource: JsonObject) => boolean {
  const match = CLAUSE.exec(clause);
  if (!match) throw badRequest(`Invalid value for field 'filter': '${filter}'. Invalid list filter expression.`);
  const [, field, operator, quoted] = match as unknown as [string, string, string, string];
  const wanted = comparable(quoted.replace(/^(["'])(.*)\1$/, "$2"));
  const value = (resource: JsonObject): string => comparable(text(at(resource, field)));
  if (operator === "=") return (resource) => value(resource) === wanted;
  if (operator === "!=") return (resource) => value(resource) !== wanted;
  if (operator === ":") return (resource) => value(resource).includes(wanted);
  const expression = new RegExp(`^(?:${wanted})$`);
  return operator === "eq"
    ? (resource) => expression.test(value(resource))
    : (resource) => !expression.test(value(resource));
}

/** Links are compared from `projects/` on: clients write them with whatever host they were told to use. */
function comparable(value: string): string {
  return value.replace(/^https?:\/\/.*?\/(projects\/)/, "$1");
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? "" : String(value);
}
