import type { HelmValues } from "../helm";

/** Plain data as it is written into a definition: nothing that is undefined, and no tokens. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type PlainMap = { readonly [key: string]: Plain };

/** Which dataplane a cluster runs, with its options as plain data. */
export interface DataplaneDraft {
  readonly kind: "kubeProxyFree" | "cniChaining" | "v2";
  /** Version of Cilium, where it is self-managed. */
  readonly version?: string;
  /** Options besides the version and the values. */
  readonly options: PlainMap;
  /** Values of the chart. */
  readonly values: HelmValues;
}

/** A definition that is being made of what exists. */
export interface Draft {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly network: PlainMap;
  readonly cluster: PlainMap;
  readonly nodePools: readonly PlainMap[];
  readonly connection: PlainMap;
  readonly dataplane: DataplaneDraft;
}

/** Only what is there: entries without a value are left out. */
export function given(entries: Readonly<Record<string, Plain | undefined>>): PlainMap {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, Plain] => entry[1] !== undefined),
  );
}

/** Only what is not the default: an option that says what everybody has says nothing. */
export function unless<T extends Plain>(value: T | undefined, usual: Plain): T | undefined {
  return value === undefined || isSame(value, usual) ? undefined : value;
}

/** Whether two values are the same, whatever order their keys are written in. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([x], [y]) => (x < y ? -1 : 1)))
        : each,
    ) ?? "undefined"
  );
}
