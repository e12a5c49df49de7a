import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../../lib/preview/model/report";
import { predict } from "./pull-request";
import { PULL_REQUESTS } from "./pull-requests";

/** The right answers, each looked at by a person: `UPDATE_CORPUS=1 npx jest corpus` writes what would be said now. */
const FILE = join(__dirname, "expected.json");

interface Answer {
  readonly verdict: Report["verdict"];
  /** Every finding but remarks, `RULE severity`, worst first. */
  readonly rules: readonly string[];
  /** What must be said of it. */
  readonly says: string;
}

const answers: Record<string, Answer> = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};

function answerOf(report: Report): Answer {
  const findings = report.findings.filter(({ severity }) => severity !== "info");
  return {
    verdict: report.verdict,
    rules: [...new Set(findings.map(({ rule, severity }) => `${rule} ${severity}`))],
    says: findings[0]?.detail ?? "",
  };
}

test("there are at least sixty pull requests, each with an answer", () => {
  expect(PULL_REQUESTS.length).toBeGreaterThanOrEqual(60);
  if (process.env["UPDATE_CORPUS"]) {
    const told = PULL_REQUESTS.map((request) => [
      `${request.environment}: ${request.what}`,
      answerOf(predict(request)),
    ]);
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(told), null, 2)}\n`);
  }
  expect(Object.keys(answers).sort()).toEqual(PULL_REQUESTS.map((r) => `${r.environment}: ${r.what}`).sort());
});

test.each(PULL_REQUESTS.map((request) => ({ name: `${request.environment}: ${request.what}`, request })))(
  "$name",
  ({ name, request }) => {
    const report = predict(request);
    const { verdict, rules, says } = answers[name]!;
    expect({ verdict: report.verdict, rules: answerOf(report).rules }).toEqual({ verdict, rules });
    expect(JSON.stringify(report).replaceAll('\\"', '"')).toContain(says);
  },
);
