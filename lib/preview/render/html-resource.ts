import type { ChartUpgrade, FieldChange, ResourceReport } from "../model/report";
import { chartSummary } from "./lines";
import { escapeHtml } from "./markdown-escape";
import { ACTION_WORDS, SYMBOLS } from "./words";

/** One resource: what happens, why, and its attributes before and after. Open where a risk hangs on it. */
export function renderResource(resource: ResourceReport): string {
  const { action, severity, address, constructPath } = resource;
  const rules = resource.rules
    .map((rule) => `<span class="badge ${severity ?? "info"}">${escapeHtml(rule)}</span>`)
    .join("");
  const path = constructPath ? `<span class="path">${escapeHtml(constructPath)}</span>` : "";
  const summary = `<span class="sign" aria-hidden="true">${SYMBOLS[action]}</span><code>${escapeHtml(address)}</code><span class="word">${ACTION_WORDS[action]}</span>${path}<span class="rules">${rules}</span>`;
  const why =
    resource.why.length > 0
      ? `<ul class="why">${resource.why.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`
      : "";
  return `<details class="resource ${action}" id="${resource.id}"${severity && severity !== "info" ? " open" : ""}><summary>${summary}</summary><div class="body">${why}${fields(resource)}${recomputed(resource)}${resource.chart ? chart(resource.chart) : ""}</div></details>`;
}

function fields(resource: ResourceReport): string {
  if (resource.fields.length === 0) return "";
  const rows = resource.fields.map(row).join("");
  return `<div class="scroll"><table class="fields"><thead><tr><th scope="col">Attribute</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function row(field: FieldChange): string {
  const forces = field.forces ? '<span class="forces">forces the replacement</span>' : "";
  const note = field.note ? `<span class="note">${escapeHtml(field.note)}</span>` : "";
  const head = `<th scope="row" class="mono">${escapeHtml(field.path)}${forces}${note}</th>`;
  if (field.lines) return `<tr>${head}<td colspan="2">${patch(field.lines)}</td></tr>`;
  return `<tr>${head}${side("before", field.before)}${side("after", field.after)}</tr>`;
}

function side(name: "before" | "after", text: string | undefined): string {
  return text === undefined ? '<td class="none mono">·</td>' : `<td class="${name} mono">${escapeHtml(text)}</td>`;
}

function patch(lines: readonly string[]): string {
  const spans = lines.map((line) => {
    const kind = line.startsWith("@@")
      ? "hunk"
      : line.startsWith("+")
        ? "added"
        : line.startsWith("-")
          ? "removed"
          : "context";
    return `<span class="${kind}">${escapeHtml(line)}</span>`;
  });
  return `<pre class="patch">${spans.join("")}</pre>`;
}

function recomputed({ recomputed, fields }: ResourceReport): string {
  if (recomputed.length === 0 || fields.length === 0) return "";
  const names = escapeHtml(recomputed.join(", "));
  if (recomputed.length <= 6) return `<p class="later">Known after the apply: ${names}</p>`;
  return `<details class="later"><summary>${recomputed.length} more known after the apply</summary><p>${names}</p></details>`;
}

function chart(upgrade: ChartUpgrade): string {
  const items = chartSummary(upgrade)
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join("");
  const rows = upgrade.changedDefaults.map(
    ({ key, before, after }) =>
      `<tr><th scope="row" class="mono">${escapeHtml(key)}</th>${side("before", before)}${side("after", after)}</tr>`,
  );
  const table =
    rows.length > 0
      ? `<div class="scroll"><table class="fields"><thead><tr><th scope="col">Default</th><th scope="col">${escapeHtml(upgrade.from)}</th><th scope="col">${escapeHtml(upgrade.to)}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`
      : "";
  const gone = upgrade.removed.length > 0 ? `<p class="notes">Gone: ${escapeHtml(upgrade.removed.join(", "))}</p>` : "";
  return `<details class="chart"><summary>Chart ${escapeHtml(upgrade.chart)} ${escapeHtml(upgrade.from)} → ${escapeHtml(upgrade.to)}</summary><ul>${items}</ul>${table}${gone}</details>`;
}
