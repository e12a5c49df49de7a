/**
 * What a table says of a name, or undefined where it says nothing. A name that somebody wrote is looked up this way
 * only: `table[name]` would also find what every object inherits, such as `constructor` and `__proto__`.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
