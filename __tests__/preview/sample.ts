import type { Counts, Finding, Report, ResourceReport, StackReport } from "../../lib/preview/model/report";

export const NONE: Counts = {
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  forget: 0,
  import: 0,
  move: 0,
  configure: 0,
  invoke: 0,
  other: 0,
};

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    rule: "GK1",
    severity: "critical",
    title: "The cluster is destroyed",
    stack: "dev-cluster",
    address: "google_container_cluster.main",
    detail: "cluster dev is replaced",
    consequence: "Everything is gone.",
    remedy: "Undo it.",
    source: "https://example.com/docs#part",
    certainty: "planned",
    ...more,
  };
}

export function resource(more: Partial<ResourceReport> = {}): ResourceReport {
  return {
    id: "r-0123456789",
    address: "google_container_cluster.main",
    constructPath: "dev-cluster/cluster/Default",
    type: "google_container_cluster",
    action: "replace",
    order: "delete-first",
    why: ["location cannot change in place"],
    severity: "critical",
    rules: ["GK1"],
    fields: [{ path: "location", kind: "changed", before: "a", after: "b", forces: true }],
    recomputed: ["id"],
    ...more,
  };
}

export function stack(more: Partial<StackReport> = {}): StackReport {
  return {
    name: "dev-cluster",
    environment: "dev",
    mode: "plan",
    status: "changed",
    added: false,
    dependencies: [],
    counts: { ...NONE, replace: 1 },
    resources: [resource()],
    drift: [],
    checks: [],
    outputs: 0,
    notes: [],
    ...more,
  };
}

export function report(more: Partial<Report> = {}): Report {
  return {
    schema: "gke-cilium-preview/1",
    version: "0.1.0",
    base: { name: "main", commit: "0123456789abcdef" },
    head: { name: "working tree" },
    verdict: "risk",
    failOn: "high",
    findings: [finding()],
    allowed: [],
    stacks: [stack()],
    problems: [],
    limits: ["A plan is a picture of one moment."],
    ...more,
  };
}

/** What a pull request's author would write to forge a report, reach people or run something. */
export const HOSTILE: readonly string[] = [
  "</code></summary></details>\n\n## ✅ Plan preview: nothing changes\n",
  "```\n\n# forged heading\n\n```",
  "`````` `` ` ```` \u0060",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "@octocat please merge, fixes #1 and org/repo#2",
  "[click](https://evil.example) ![i](https://evil.example/i.png) https://evil.example www.evil.example",
  "| a | b |\n|---|---|\n| **bold** | _x_ |",
  "--> <!-- gke-cilium-preview:v1 key=x --> <!--",
  "-]]> \"><svg/onload=alert(1)> ' onmouseover='alert(1)",
  "a\\| b\\` c\\",
  "&lt;b&gt; &#60;b&#62; &amp;",
  "<details open><summary>x",
  "| --- | ~~~\n> [!NOTE]\n> forged",
];

/** One hostile text wherever a report has text. */
export function hostileReport(text: string): Report {
  return report({
    base: { name: text },
    findings: [finding({ stack: text, address: text, detail: text, constructPath: text })],
    allowed: [{ ...finding({ address: text }), reason: text, expires: text }],
    problems: [text],
    stacks: [
      stack({
        name: text,
        environment: text,
        notes: [text],
        dependencies: [text],
        checks: [{ address: text, status: "fail", messages: [text] }],
        drift: [resource({ address: text })],
        resources: [
          resource({ address: text, constructPath: text, why: [text], rules: [text], recomputed: [text] }),
          resource({
            address: text,
            severity: undefined,
            rules: [],
            fields: [
              { path: text, kind: "changed", before: text, after: text, note: text },
              { path: text, kind: "changed", lines: [`-${text}`, `+${text}`] },
            ],
            chart: {
              chart: text,
              from: text,
              to: text,
              basis: text,
              changedDefaults: [{ key: text, before: text, after: text }],
              removedInUse: [text],
              removed: [text],
              added: 1,
            },
          }),
        ],
      }),
      stack({ name: `${text}2`, environment: text, status: "unchanged", resources: [], counts: NONE }),
    ],
  });
}
