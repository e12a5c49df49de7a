import { Token } from "cdktf";
import { agentFlagOf, type ChartKeys, isOfType, typeInWords, type ValueType } from "../facts/cilium";
import { type HelmValue, isValuesMap } from "../helm";
import { closest, type Problem } from "../validation";
import { isDuration } from "./durations";

/**
 * What is wrong with the type of a value: against the chart's schema, with which Helm refuses to render, and against what
 * the agent or the operator reads it as, which do not start.
 */
export function typeProblems(keys: ChartKeys, path: string, value: HelmValue, property: string): Problem[] {
  // null takes the chart's default out before the schema is asked.
  if (value === null || Token.isUnresolved(value)) return [];
  const types = keys.typesAt(path);
  const about = { property, ...(isValuesMap(value) ? {} : { value }) };
  if (isValuesMap(value) && !(types?.some(({ kind }) => kind === "object") ?? keys.isCopied(path)))
    return [
      {
        property,
        value,
        rule: "is a single value in the chart, with no keys below it",
        remedy: "write the value itself",
      },
    ];
  if (types !== undefined && !types.some((type) => isOfType(value, type))) return [schemaProblem(about, value, types)];
  if (Array.isArray(value)) return listProblems(types ?? [], value, property);
  return isValuesMap(value) ? [] : flagProblems(path, value, about);
}

function schemaProblem(
  about: Pick<Problem, "property" | "value">,
  value: HelmValue,
  types: readonly ValueType[],
): Problem {
  const words = types.filter(({ kind }) => kind !== "null").map(typeInWords);
  const literals = types.flatMap((type) => (type.kind === "literal" ? [String(type.value)] : []));
  if (literals.length > 0 && literals.length === words.length) {
    const meant = typeof value === "string" ? closest(value, literals) : [];
    return {
      ...about,
      rule: `is not one of ${literals.join(", ")}`,
      remedy: meant.length > 0 ? `did you mean ${meant[0]}?` : "choose one of them",
    };
  }
  return {
    ...about,
    rule: `is not ${words.join(" or ") || "null"}, which the chart's schema asks for`,
    remedy: remedyFor(value, types),
  };
}

/** How the same would be written. */
function remedyFor(value: HelmValue, types: readonly ValueType[]): string {
  const takes = (kind: ValueType["kind"]) => types.some((type) => type.kind === kind);
  if (typeof value === "string") {
    if (takes("boolean") && /^(true|false)$/.test(value)) return `write ${value} without quotes`;
    if ((takes("integer") || takes("number")) && /^-?\d+(\.\d+)?$/.test(value)) return `write ${value} without quotes`;
    if (takes("list")) return `write a list: ${JSON.stringify(itemsOf(value))}`;
  } else if (takes("string") && typeof value !== "object") return `write it in quotes: "${value}"`;
  const wanted = types.filter(({ kind }) => kind !== "null").map(typeInWords);
  return wanted.length === 0 ? "leave it out" : `give ${wanted.join(" or ")}`;
}

/** What `--set` makes of a text: `{a,b}` is a list, in which a backslash keeps a comma within its item. */
function itemsOf(text: string): string[] {
  const items = /^\{(.*)\}$/s.exec(text)?.[1]?.split(/(?<!\\),/) ?? [text];
  return items.map((item) => item.trim().replaceAll("\\,", ","));
}

function listProblems(types: readonly ValueType[], value: readonly HelmValue[], property: string): Problem[] {
  const of = types.find((type) => type.kind === "list")?.of;
  if (of?.kind !== "string" && of?.kind !== "object") return [];
  return value.flatMap((item, index) =>
    Token.isUnresolved(item) || isOfType(item, of)
      ? []
      : [
          {
            property: `${property}[${index}]`,
            ...(isValuesMap(item) ? {} : { value: item }),
            rule: of.kind === "string" ? "is not text" : "is not a map",
            remedy: of.kind === "string" ? `write it in quotes` : "write it in braces",
          },
        ],
  );
}

/** What the program that a value goes to reads it as; `quote` in the chart makes text of everything. */
const FLAG_TYPES: Readonly<Record<string, { readonly fits: (text: string) => boolean; readonly words: string }>> = {
  bool: { fits: (text) => /^(true|false)$/.test(text), words: "true or false" },
  int: { fits: (text) => /^-?\d+$/.test(text), words: "a whole number" },
  uint: { fits: (text) => /^\d+$/.test(text), words: "a whole number of at least 0" },
  uint8: { fits: (text) => /^\d+$/.test(text) && Number(text) < 2 ** 8, words: "a whole number from 0 to 255" },
  uint16: { fits: (text) => /^\d+$/.test(text) && Number(text) < 2 ** 16, words: "a whole number from 0 to 65535" },
  uint32: { fits: (text) => /^\d+$/.test(text) && Number(text) < 2 ** 32, words: "a whole number of at least 0" },
  float: { fits: (text) => Number.isFinite(Number(text)) && text.trim() !== "", words: "a number" },
  float32: { fits: (text) => Number.isFinite(Number(text)) && text.trim() !== "", words: "a number" },
  duration: { fits: isDuration, words: "a duration such as 30s or 5m0s" },
};

/** From here on Helm's templates write a number with an exponent: `1e+06`. */
const FIRST_WITH_EXPONENT = 1_000_000;
/** Numbers that the template makes whole before it writes them: templates/cilium-configmap.yaml:432-486 of 1.20.2. */
const MADE_WHOLE: ReadonlySet<string> = new Set(
  ["authMapMax", "ctTcpMax", "ctAnyMax", "natMax", "neighMax", "policyMapMax", "policyStatsMapMax", "lbMapMax"].map(
    (name) => `bpf.${name}`,
  ),
);

function flagProblems(path: string, value: HelmValue, about: Pick<Problem, "property" | "value">): Problem[] {
  const flag = agentFlagOf(path);
  const type = FLAG_TYPES[flag?.type?.replace(/64$/, "") ?? ""];
  const isWhole = /^u?int/.test(flag?.type ?? "");
  if (flag && isWhole && typeof value === "number" && value >= FIRST_WITH_EXPONENT && !MADE_WHOLE.has(path))
    return [
      {
        ...about,
        rule: `is written by the chart with an exponent (${withExponent(value)}), which Cilium does not read as a whole number (--${flag.flag})`,
        remedy: `give a number below ${FIRST_WITH_EXPONENT}`,
      },
    ];
  // What is empty is left out by the chart, or means the default.
  if (flag === undefined || type === undefined || value === "" || type.fits(String(value))) return [];
  return [
    {
      ...about,
      rule: `is not ${type.words}, as which Cilium reads it (--${flag.flag})`,
      remedy: `give ${type.words}`,
    },
  ];
}

/** A number as Go writes it: the exponent has two digits. */
function withExponent(value: number): string {
  return value.toExponential().replace(/e\+(\d)$/, "e+0$1");
}
