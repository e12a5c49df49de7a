import { createHash } from "node:crypto";
import { packageText } from "../../package-files";
import type { Counts, Report, StackReport } from "../model/report";
import { renderDiagram } from "./diagram";
import { type FindingGroup, groupFindings } from "./groups";
import { renderResource } from "./html-resource";
import { escapeHtml } from "./markdown-escape";
import { headline, modeWords, plural, revisionWords, statusWords } from "./words";

const VERDICTS = { unchanged: "No changes", changes: "Changes", risk: "Risk", error: "Incomplete" } as const;

/**
 * The report as one file that needs nothing else: no request leaves the page, and nothing in it runs but its own script,
 * which a content security policy pins by its hash. It reads without the script as well.
 */
export function renderHtml(report: Report): string {
  const style = packageText("lib/preview/data/page.css");
  const script = packageText("lib/preview/data/page.js");
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Plan preview: ${escapeHtml(headline(report))}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${bar(report)}
<main id="main" class="wrap">
${hero(report)}
${problems(report)}
${risks(report)}
${stacks(report)}
${report.stacks.map(stackSection).join("")}
${accepted(report)}
</main>
<footer class="wrap">${footer(report)}</footer>
<script>${script}</script>
</body>
</html>
`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function bar(report: Report): string {
  const links = [
    report.findings.length > 0 ? '<a href="#risks">Risks</a>' : "",
    '<a href="#stacks">Stacks</a>',
    report.stacks.some(({ resources }) => resources.length > 0) ? '<a href="#changes">Changes</a>' : "",
  ].join("");
  return `<header class="bar"><div class="wrap"><b>Plan preview</b><nav aria-label="Sections">${links}</nav>
<div class="tools"><span id="count" class="later" role="status"></span><input id="filter" type="search" placeholder="Filter resources" aria-label="Filter resources">
<button id="all" type="button">Open all</button><button id="theme" type="button" aria-label="Light or dark">◐</button></div></div></header>`;
}

function hero(report: Report): string {
  const revisions = [revisionWords(report.base), revisionWords(report.head)]
    .filter((text) => text !== undefined)
    .map((text) => `<code>${escapeHtml(text)}</code>`);
  const compared = revisions.length > 0 ? `<p>${revisions.join(" → ")}</p>` : "";
  return `<div class="hero"><span class="badge ${report.verdict}">${VERDICTS[report.verdict]}</span><h1>${escapeHtml(capital(headline(report)))}</h1>${compared}</div>`;
}

function problems(report: Report): string {
  if (report.problems.length === 0) return "";
  const items = report.problems.map((text) => `<li>${escapeHtml(text)}</li>`).join("");
  return `<section class="card alert" role="alert"><h2>This preview is not complete</h2><p>Do not take it for a green one.</p><ul>${items}</ul></section>`;
}

function risks(report: Report): string {
  const groups = groupFindings(report.findings);
  if (groups.length === 0) return "";
  const ids = new Map(
    report.stacks.flatMap(({ name, resources }) => resources.map((r) => [`${name}\n${r.address}`, r.id])),
  );
  const items = groups.map((group) => risk(group, ids)).join("");
  return `<section id="risks"><h2>Risks <small>${plural(report.findings.length, "finding", true)}</small></h2><ol class="risks">${items}</ol></section>`;
}

function risk({ first, findings }: FindingGroup, ids: ReadonlyMap<string, string>): string {
  const places = findings.map(({ stack, address, detail }) => {
    const id = ids.get(`${stack}\n${address}`);
    const name = address === undefined ? "" : `<code>${escapeHtml(address)}</code>`;
    const link = id ? `<a href="#${id}">${name}</a>` : name;
    const where = stack === undefined ? "" : `<span class="stack">${escapeHtml(stack)}</span>`;
    return `<li>${where}${link}<span class="detail mono">${escapeHtml(detail)}</span></li>`;
  });
  const { severity, title, rule, certainty, consequence, remedy, source } = first;
  // The worst ones are read without a click.
  const open = severity === "critical" ? " open" : "";
  return `<li class="card ${severity}"><details${open}><summary><span class="badge ${severity}">${severity}</span><b>${escapeHtml(title)}</b><small>${escapeHtml(rule)} · ${certainty}</small><ul class="places">${places.join("")}</ul></summary>
<dl><dt>Effect</dt><dd>${escapeHtml(consequence)}</dd><dt>What to do</dt><dd>${escapeHtml(remedy)}</dd><dt>Known from</dt><dd class="source">${linked(source)}</dd></dl></details></li>`;
}

/** Our own sources; only plain https addresses become links. */
function linked(text: string): string {
  return escapeHtml(text).replace(
    /https:\/\/[\w./?=%~+-]+(?:&#35;|#)?[\w-]*/g,
    (url) => `<a href="${url}" rel="noreferrer">${url}</a>`,
  );
}

const COLUMNS: readonly (keyof Counts)[] = ["create", "update", "replace", "delete"];

function stacks(report: Report): string {
  const rows = report.stacks.map((stack) => {
    const quiet = stack.status === "unchanged" && !stack.added ? ' class="quiet"' : "";
    const counts = COLUMNS.map((name) => {
      const n = stack.status === "removed" ? 0 : stack.counts[name];
      return `<td class="num${n === 0 ? " zero" : ""}">${n}</td>`;
    });
    const { forget, import: imported, move, other } = stack.counts;
    return `<tr${quiet}><th scope="row"><a href="#${anchorOf(stack)}">${escapeHtml(stack.name)}</a></th><td>${escapeHtml(statusWords(stack))}</td>${counts.join("")}<td class="num${forget + imported + move + other === 0 ? " zero" : ""}">${forget + imported + move + other}</td><td>${modeWords(stack)}</td></tr>`;
  });
  const numbers = ["Create", "Update", "Replace", "Delete", "Other"].map(
    (head) => `<th scope="col" class="num">${head}</th>`,
  );
  const lanes = new Set(report.stacks.map(({ environment }) => environment)).size;
  return `<section id="stacks"><h2>Stacks</h2>
<details class="card"${lanes <= 12 ? " open" : ""}><summary>Diagram</summary><div class="scroll diagram" tabindex="0" role="region" aria-label="Diagram of the stacks">${renderDiagram(report, anchorOf)}</div></details>
<div class="card scroll" tabindex="0" role="region" aria-label="Table of the stacks"><table><thead><tr><th scope="col">Stack</th><th scope="col">State</th>${numbers.join("")}<th scope="col">How known</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></section><div id="changes"></div>`;
}

function stackSection(stack: StackReport): string {
  const notes = stack.notes.map((note) => `<li>${escapeHtml(note)}</li>`);
  const checks = stack.checks.map(
    ({ address, status, messages }) =>
      `<li>check ${escapeHtml(address)}: ${escapeHtml([status, ...messages].join(", "))}</li>`,
  );
  const drift = stack.drift.map(
    ({ address, action }) =>
      `<li>changed outside Terraform: <code>${escapeHtml(address)}</code> ${action === "delete" ? "is gone" : "was edited"}</li>`,
  );
  const lines = [...notes, ...checks, ...drift];
  const list = lines.length > 0 ? `<ul class="notes">${lines.join("")}</ul>` : "";
  const body = list + stack.resources.map(renderResource).join("");
  if (body === "") return `<div id="${anchorOf(stack)}"></div>`;
  return `<section class="stack" id="${anchorOf(stack)}"><h2>${escapeHtml(stack.name)} <small>${escapeHtml(statusWords(stack))}</small></h2><div class="card">${body}</div></section>`;
}

function accepted({ allowed }: Report): string {
  if (allowed.length === 0) return "";
  const items = allowed.map(
    ({ rule, address, stack, reason, expires }) =>
      `<li><b>${escapeHtml(rule)}</b> <code>${escapeHtml(address ?? stack ?? "")}</code>: ${escapeHtml(reason)}, until ${escapeHtml(expires)}</li>`,
  );
  return `<section id="accepted"><h2>Accepted risks</h2><div class="card"><ul class="notes">${items.join("")}</ul></div></section>`;
}

function footer(report: Report): string {
  const limits = report.limits.map((text) => `<p class="limits">${escapeHtml(text)}</p>`).join("");
  return `${limits}<p class="keys"><kbd>j</kbd> <kbd>k</kbd> next and previous resource, <kbd>Enter</kbd> opens, <kbd>e</kbd> all, <kbd>/</kbd> filters</p><p>gke-cilium-preview ${escapeHtml(report.version)}</p>`;
}

function anchorOf(stack: StackReport): string {
  return `s-${stack.name.replace(/[^\w-]/g, "_")}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
