import { versionsOf } from "../../../lib/facts/policy";
import { type Fields, isFields } from "../../../lib/policy/check/fault";

const VERSION = { major: 1, minor: 20 };
/** Requests at a time. */
const AT_ONCE = 16;

/** Where objects of a kind are created. */
export function collectionOf(object: Fields): string {
  const { apiVersion, kind } = object;
  const plural = `${String(kind).toLowerCase().replace(/y$/, "ie")}s`;
  const namespaced = versionsOf(String(kind), VERSION)?.get(String(apiVersion))?.namespaced ?? false;
  return `/apis/${String(apiVersion)}/${namespaced ? "namespaces/default/" : ""}${plural}`;
}

/** The object with one change at every place where it can be changed: a field gone, misspelt, of another type or form. */
export function mutations(value: unknown, put: (changed: unknown) => unknown): unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      mutations(item, (changed) => put(value.map((each, at) => (at === index ? changed : each)))),
    );
  if (isFields(value)) {
    const without = (name: string) => Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
    return [
      put([value]),
      put("text"),
      ...Object.entries(value).flatMap(([name, each]) => [
        put(without(name)),
        put({ ...without(name), [`${name}x`]: each }),
        ...mutations(each, (changed) => put({ ...value, [name]: changed })),
      ]),
    ];
  }
  const others: unknown[] = [{ a: "b" }, ["a"], true];
  if (typeof value === "string") others.push(1, "", "not/a value!", "a".repeat(300), value.toLowerCase(), `${value}x`);
  else others.push("text", -1, 70_000, 1.5, String(value));
  return others.map(put);
}

/** Does work on items, a few at a time. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE)
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(work))));
  return results;
}
