import { createHash } from "node:crypto";
import type { Finding, Report, Severity } from "../model/report";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  critical: "error",
  high: "error",
  medium: "warning",
  info: "note",
};

/** GitHub orders alerts by this number, from 0 to 10. */
const SCORES: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", info: "2.0" };

/** File that is named where it is not known which one defines an environment. */
const FALLBACK = "cdktf.json";

/** Findings in the Static Analysis Results Interchange Format 2.1.0, for code scanning and editors. */
export function renderSarif(report: Report): string {
  const rules = [...new Map(report.findings.map((finding) => [finding.rule, finding])).values()];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "gke-cilium-preview",
            semanticVersion: report.version,
            rules: rules.map(({ rule, title, consequence, remedy, severity }) => ({
              id: rule,
              shortDescription: { text: title },
              fullDescription: { text: consequence },
              help: { text: remedy },
              defaultConfiguration: { level: LEVELS[severity] },
              properties: { "security-severity": SCORES[severity] },
            })),
          },
        },
        invocations: [
          {
            executionSuccessful: report.verdict !== "error",
            toolExecutionNotifications: report.problems.map((text) => ({ level: "error", message: { text } })),
          },
        ],
        results: [
          ...report.findings.map((finding) => resultOf(finding, rules)),
          ...report.allowed.map((finding) => ({
            ...resultOf(finding, []),
            suppressions: [{ kind: "external", justification: finding.reason }],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(finding: Finding, rules: readonly Finding[]) {
  const { rule, severity, stack, address, constructPath, title, detail, consequence, remedy, location } = finding;
  const index = rules.findIndex((other) => other.rule === rule);
  const where = [stack, address].filter((part) => part !== undefined).join(" ");
  const names = [constructPath, address].filter((name) => name !== undefined);
  return {
    ruleId: rule,
    ...(index >= 0 ? { ruleIndex: index } : {}),
    level: LEVELS[severity],
    message: { text: `${title}. ${where}${where === "" ? "" : ": "}${detail}. ${consequence} What to do: ${remedy}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(location?.file ?? FALLBACK) },
          region: { startLine: location?.line ?? 1 },
        },
        logicalLocations: names.map((name) => ({ fullyQualifiedName: `${stack ?? ""}/${name}`, kind: "resource" })),
      },
    ],
    partialFingerprints: { "finding/v1": digest([rule, stack ?? "", address ?? ""].join("\n")) },
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
