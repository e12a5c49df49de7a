import type { Finding } from "../model/report";

/** Findings that say the same, in whatever environment: one row, several places. */
export interface FindingGroup {
  readonly first: Finding;
  readonly findings: readonly Finding[];
}

/** Keeps the order of the findings: the worst first. */
export function groupFindings(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { rule, severity, certainty, consequence, remedy } = finding;
    const key = JSON.stringify([rule, severity, certainty, consequence, remedy]);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()].map((group) => ({ first: group[0]!, findings: group }));
}

/** What was seen, for a place where the address stands already: not a second time. */
export function seenAt({ address, detail }: Pick<Finding, "address" | "detail">): string {
  return address !== undefined && detail.startsWith(`${address} `) ? detail.slice(address.length + 1) : detail;
}
