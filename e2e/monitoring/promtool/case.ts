import type { AlertName } from "../../../lib/monitoring";

/** Samples of one series, one every 30 seconds: its selector and promtool's notation of values (`0+5x20`). */
export type Series = readonly [series: string, values: string];

/** Series on which an alert must fire, and series like them on which it must not. */
export interface AlertCase {
  readonly fires: readonly Series[];
  /** Labels of the firing alert, beyond the rule's own. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The value as the message shows it; none for alerts without a limit. */
  readonly shows?: string;
  /** Near misses, each on its own: what is just below the limit, what somebody may take for it, what ends in time. */
  readonly silent: readonly (readonly Series[])[];
}

/** Cases of one group of alerts. */
export type AlertCases = { readonly [Name in AlertName]?: AlertCase };

/** Minutes that every series lasts. */
export const LENGTH_MINUTES = 120;
const SAMPLES = LENGTH_MINUTES * 2;

/** A gauge that stays where it is. */
export function constant(value: number): string {
  return `${value}x${SAMPLES}`;
}

/** A counter that grows by so much each second. */
export function perSecond(rate: number, from = 0): string {
  return `${from}+${rate * 30}x${SAMPLES}`;
}

/** A value that is there for some minutes and another afterwards. */
export function thenAfter(first: number, minutes: number, then: number): string {
  return `${first}x${minutes * 2} ${then}x${SAMPLES - minutes * 2}`;
}
