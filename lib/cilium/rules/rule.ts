import { Token } from "cdktf";
import { ChartKeys, nearestMinorOf } from "../../facts/cilium";
import { type HelmValue, type HelmValues, valueAt } from "../../helm";
import type { Problem } from "../../validation";
import type { CiliumMode } from "../derived-keys";
import type { CiliumVersion } from "../version";

/** Something that the chart, the agent or GKE says no to. */
export interface ValueRule {
  /** The key to name in the message. */
  readonly path: string;
  /** Where the refusal is written: a file of Cilium 1.20.2 with its line, a template of the chart, or an issue. */
  readonly source: string;
  /** The mode whose dataplane tells the same itself, of more than the values. @default - none */
  readonly toldBy?: CiliumMode;
  /** First minor that has the rule, e.g. 20 of 1.20. @default - every one that is known */
  readonly since?: number;
  /**
   * Whether the values break the rule. Where a value that was looked at is only known to Terraform, the answer does not
   * count.
   */
  readonly broken: (values: ValueReader) => boolean;
  /** The rule that is broken, as the rest of a sentence whose subject is the property. */
  readonly rule: string;
  readonly remedy: string;
}

/** Reads values as the chart's templates do: what is not written has the chart's default, `null` takes it out. */
export class ValueReader {
  private readonly defaults: ChartKeys;
  private readonly read = new Map<string, HelmValue | undefined>();
  /** Whether something was looked at, since {@link startAnew}, of which nothing is known. */
  public sawUnknown = false;

  public constructor(
    private readonly values: HelmValues,
    public readonly version: CiliumVersion,
  ) {
    this.defaults = ChartKeys.of(nearestMinorOf(version));
  }

  /** The value at a path; undefined where nobody says anything, and where `null` took the default out. */
  public at(path: string): HelmValue | undefined {
    if (!this.read.has(path)) {
      const written = this.writtenAt(path);
      const value = written === undefined ? (this.defaults.defaultOf(path) as HelmValue | undefined) : written;
      this.read.set(path, value ?? undefined);
    }
    const value = this.read.get(path);
    if (Token.isUnresolved(value)) this.sawUnknown = true;
    return value;
  }

  /** Before each rule: what another one looked at does not count. */
  public startAnew(): void {
    this.sawUnknown = false;
  }

  /** Whether the author or this library wrote something at a path. */
  public isWritten(path: string): boolean {
    return this.writtenAt(path) !== undefined;
  }

  /** Whether something is switched on: `true`, or the same as text. */
  public isOn(path: string): boolean {
    const value = this.at(path);
    return value === true || value === "true";
  }

  /** Whether a template's `if` takes it for something: not empty, not 0, not false. */
  public isSet(path: string): boolean {
    const value = this.at(path);
    if (Array.isArray(value)) return value.length > 0;
    if (typeof value === "object" && value !== null && !Token.isUnresolved(value)) return Object.keys(value).length > 0;
    return value !== undefined && value !== "" && value !== 0 && value !== false;
  }

  /** The value as the chart writes it into a ConfigMap; empty where there is none. */
  public text(path: string): string {
    const value = this.at(path);
    return typeof value === "object" || value === undefined ? "" : String(value);
  }

  /** The value as a number; undefined where it is none. */
  public number(path: string): number | undefined {
    const text = this.text(path);
    return text === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);
  }

  /** The items of a list, or the words of a text that stands for one. */
  public list(path: string): readonly HelmValue[] {
    const value = this.at(path);
    if (Array.isArray(value)) return value;
    return typeof value === "string" && !Token.isUnresolved(value) ? value.split(/[\s,]+/).filter(Boolean) : [];
  }

  private writtenAt(path: string): HelmValue | undefined {
    // A token in a section's place decides about everything below it.
    for (let dot = path.indexOf("."); dot !== -1; dot = path.indexOf(".", dot + 1)) {
      const above = valueAt(this.values, path.slice(0, dot));
      if (Token.isUnresolved(above)) return above;
    }
    return valueAt(this.values, path);
  }
}

/** Applies rules to values. What is wrong is named by its path. */
export function brokenRules(
  rules: readonly ValueRule[],
  values: HelmValues,
  version: CiliumVersion,
  mode?: CiliumMode,
): Problem[] {
  const reader = new ValueReader(values, version);
  return rules.flatMap((rule) => {
    if (rule.since !== undefined && version.major === 1 && version.minor < rule.since) return [];
    if (rule.toldBy !== undefined && rule.toldBy === mode) return [];
    reader.startAnew();
    if (!rule.broken(reader) || reader.sawUnknown) return [];
    const value = reader.at(rule.path);
    return [
      {
        property: rule.path,
        ...(typeof value === "object" && !Array.isArray(value) ? {} : { value }),
        rule: rule.rule,
        remedy: rule.remedy,
      },
    ];
  });
}

/** A rule of one key that takes a few texts; what is empty is left to the chart. */
export function oneOfRule(
  path: string,
  allowed: readonly string[],
  source: string,
  options: { readonly since?: number; readonly when?: (values: ValueReader) => boolean; readonly why?: string } = {},
): ValueRule {
  const { when = () => true, why, since } = options;
  return {
    path,
    source,
    ...(since === undefined ? {} : { since }),
    broken: (values) => when(values) && values.text(path) !== "" && !allowed.includes(values.text(path)),
    rule: `is not one of ${allowed.join(", ")}${why === undefined ? "" : `: ${why}`}`,
    remedy: "choose one of them",
  };
}
