import { createHash } from "node:crypto";
import { packageText } from "../../package-files";
import type { Counts, Report, StackReport } from "../model/report";
import { renderDiagram } from "./diagram";
import { type FindingGroup, groupFindings, seenAt } from "./groups";
import { renderResource } from "./html-resource";
import { escapeHtml } from "./markdown-escape";
import {
  headline,
  modeWords,
  plural,
  revisionWords,
  severityCounts,
  statusWords,
  totals,
  verdictSentence,
} from "./words";

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
${tools(report)}
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
<button id="theme" type="button" aria-label="Light or dark">◐</button></div></header>`;
}

/** The first thing read: the verdict in words, then what it rests on in numbers. */
function hero(report: Report): string {
  const revisions = [revisionWords(report.base), revisionWords(report.head)]
    .filter((text) => text !== undefined)
    .map((text) => `<code>${escapeHtml(text)}</code>`);
  const compared = revisions.length > 0 ? `<p>${revisions.join(" → ")}</p>` : "";
  const risky = severityCounts(report.findings).map(([severity, n]) => tile(severity, n, severity));
  const counts = totals(report.stacks);
  const acting = ACTIONS.filter((action) => counts[action] > 0).map((action) =>
    tile(action, counts[action], `to ${action}`),
  );
  const tiles = [...risky, ...acting];
  const list = tiles.length > 0 ? `<ul class="tiles">${tiles.join("")}</ul>` : "";
  return `<div class="hero ${report.verdict}"><span class="badge ${report.verdict}">${VERDICTS[report.verdict]}</span><h1>${escapeHtml(verdictSentence(report))}</h1>${compared}${list}</div>`;
}

const ACTIONS = ["delete", "replace", "update", "create", "forget", "import", "move"] as const;

function tile(kind: string, n: number, words: string): string {
  return `<li class="${kind}"><b>${n}</b> ${words}</li>`;
}

function problems(report: Report): string {
  if (report.problems.length === 0) return "";
  // Terraform's error, as it is told.
  const items = report.problems.map(
    (text) => `<li class="${text.includes("\n") ? "whole" : "line"}">${escapeHtml(text.trimEnd())}</li>`,
  );
  return `<section class="card alert" role="alert"><h2>This preview is not complete</h2><p>Do not read it as a green one.</p><ul>${items.join("")}</ul></section>`;
}

/** Fewer risks than this are all explained without a click. */
const FEW = 6;

function risks(report: Report): string {
  const groups = groupFindings(report.findings);
  if (groups.length === 0) return "";
  const ids = new Map(
    report.stacks.flatMap(({ name, resources }) => resources.map((r) => [`${name}\n${r.address}`, r.id])),
  );
  const items = groups.map((group) => risk(group, ids, groups.length <= FEW)).join("");
  return `<section id="risks"><h2>Risks <small>${plural(report.findings.length, "finding", true)}</small></h2><ol class="risks">${items}</ol></section>`;
}

/** Places of one risk that are shown before the rest is folded. */
const MOST_PLACES = 6;

function risk({ first, findings }: FindingGroup, ids: ReadonlyMap<string, string>, few: boolean): string {
  const places = findings.map((finding) => {
    const { stack, address } = finding;
    const id = ids.get(`${stack}\n${address}`);
    const name = address === undefined ? "" : `<code>${escapeHtml(address)}</code>`;
    const link = id ? `<a href="#${id}">${name}</a>` : name;
    const where = stack === undefined ? "" : `<span class="stack">${escapeHtml(stack)}</span>`;
    return `<li>${where}${link}<span class="detail mono">${escapeHtml(seenAt(finding))}</span></li>`;
  });
  const more =
    places.length > MOST_PLACES
      ? `<details class="more"><summary>${plural(places.length - MOST_PLACES, "more place", true)}</summary><ul class="places">${places.slice(MOST_PLACES).join("")}</ul></details>`
      : "";
  const { severity, title, rule, certainty, consequence, remedy, source } = first;
  // What must be decided is read without a click.
  const open = severity === "critical" || severity === "high" || (few && severity === "medium") ? " open" : "";
  return `<li class="card ${severity}"><details${open}><summary><span class="badge ${severity}">${severity}</span><b>${escapeHtml(title)}</b><small>${escapeHtml(rule)} · ${certainty}</small><ul class="places">${places.slice(0, MOST_PLACES).join("")}</ul></summary>
<dl><dt>What happens</dt><dd>${escapeHtml(consequence)}</dd><dt>What to do</dt><dd>${escapeHtml(remedy)}</dd><dt class="source">Known from</dt><dd class="source">${linked(source)}</dd></dl>${more}</details></li>`;
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
  const isQuiet = ({ status, added }: StackReport) => status === "unchanged" && !added;
  const rows = report.stacks.filter((stack) => !isQuiet(stack)).map(stackRow);
  const quiet = report.stacks
    .filter(isQuiet)
    .map((stack) => `<a href="#${anchorOf(stack)}">${escapeHtml(stack.name)}</a>`);
  const numbers = ["Create", "Update", "Replace", "Delete", "Other"].map(
    (head) => `<th scope="col" class="num">${head}</th>`,
  );
  const table =
    rows.length > 0
      ? `<div class="card scroll" tabindex="0" role="region" aria-label="Table of the stacks"><table><thead><tr><th scope="col">Stack</th><th scope="col">State</th>${numbers.join("")}<th scope="col">Known by</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
      : "";
  const rest =
    quiet.length > 0
      ? `<p class="quiet">No changes in ${plural(quiet.length, "stack", true)}: ${quiet.join(", ")}</p>`
      : "";
  return `<section id="stacks"><h2>Stacks</h2>${table}${rest}
<details class="card"><summary>Diagram</summary><div class="scroll diagram" tabindex="0" role="region" aria-label="Diagram of the stacks">${renderDiagram(report, anchorOf)}</div></details></section>`;
}

function stackRow(stack: StackReport): string {
  const counts = COLUMNS.map((name) => {
    const n = stack.status === "removed" ? 0 : stack.counts[name];
    return `<td class="num${n === 0 ? " zero" : ""}">${n}</td>`;
  });
  const { forget, import: imported, move, other, configure = 0, invoke = 0 } = stack.counts;
  const rest = forget + imported + move + other + configure + invoke;
  return `<tr><th scope="row"><a href="#${anchorOf(stack)}">${escapeHtml(stack.name)}</a></th><td>${escapeHtml(statusWords(stack))}</td>${counts.join("")}<td class="num${rest === 0 ? " zero" : ""}">${rest}</td><td>${modeWords(stack)}</td></tr>`;
}

/** What acts on resources stands where they are. */
function tools(report: Report): string {
  const any = report.stacks.some(({ resources }) => resources.length > 0);
  if (!any) return '<div id="changes"></div>';
  return `<div id="changes" class="changes"><h2>Changes</h2><div class="tools"><span id="count" class="later" role="status"></span><input id="filter" type="search" placeholder="Filter resources" aria-label="Filter resources"><button id="all" type="button">Open all</button></div></div>`;
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
  const said = (report.remarks ?? []).map((text) => `<p class="limits">${escapeHtml(text)}</p>`).join("");
  const limits = report.limits.map((text) => `<p class="limits">${escapeHtml(text)}</p>`).join("");
  return `${said}${limits}<p class="keys"><kbd>j</kbd> <kbd>k</kbd> next and previous resource, <kbd>Enter</kbd> opens, <kbd>e</kbd> all, <kbd>/</kbd> filters</p><p>gke-cilium-preview ${escapeHtml(report.version)}</p>`;
}

function anchorOf(stack: StackReport): string {
  return `s-${stack.name.replace(/[^\w-]/g, "_")}`;
}
