import type { LiveStep } from "./steps";

/** What a report is made of. */
export interface LiveReport {
  readonly environment: string;
  readonly dataplane: string;
  readonly location: string;
  readonly startedAt: Date;
  readonly steps: readonly LiveStep[];
  /** Programs, providers and what ran in the cluster, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** US dollars that it cost at most. */
  readonly costBound: number;
  /** Where it ran: Google Cloud, or the sandbox. */
  readonly cloud: string;
  /** Texts that are nobody else's business, such as the project. */
  readonly hidden: Readonly<Record<string, string>>;
}

/** As Markdown, for an issue. */
export function renderLiveReport(report: LiveReport): string {
  const { steps } = report;
  const count = (outcome: LiveStep["outcome"]) => steps.filter((step) => step.outcome === outcome).length;
  const minutes = Math.round(steps.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  const lines = [
    `# ${report.environment} on ${report.cloud}`,
    "",
    `${report.startedAt.toISOString()}: ${count("passed")} steps passed, ${count("failed")} failed, ${count("not run")} not run, in ${minutes} min. It cost at most ${report.costBound.toFixed(2)} USD.`,
    "",
    `- dataplane: ${report.dataplane}`,
    `- location: ${report.location}`,
    ...Object.entries(report.versions).map(([name, version]) => `- ${name}: ${version}`),
    "",
    "| step | outcome | seconds | |",
    "| --- | --- | --- | --- |",
    ...steps.map(
      ({ title, outcome, seconds, detail }) =>
        `| ${title} | ${outcome} | ${seconds} | ${cell(outcome === "failed" ? "see below" : detail)} |`,
    ),
    ...steps
      .filter(({ outcome }) => outcome === "failed")
      .flatMap(({ title, detail }) => ["", `## ${title}`, "", "```text", detail.trim(), "```"]),
  ];
  return `${hide(lines.join("\n"), report.hidden)}\n`;
}

function cell(text: string): string {
  return (text.split("\n")[0] ?? "").replaceAll("|", "\\|");
}

function hide(text: string, hidden: Readonly<Record<string, string>>): string {
  return Object.entries(hidden)
    .filter(([secret]) => secret !== "")
    .sort(([a], [b]) => b.length - a.length)
    .reduce((all, [secret, instead]) => all.replaceAll(secret, instead), text);
}
