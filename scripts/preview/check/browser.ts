/**
 * The report in a real browser: light and dark, keyboard, small screens, offline, and texts that try to run something.
 *
 *   npm run test:browser
 *
 * Needs Chromium: its program in CHROMIUM, or Debian's package `chromium`. PREVIEW_SCREENSHOTS names a directory for
 * pictures.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import MarkdownIt from "markdown-it";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Report } from "../../../lib/preview/model/report";
import { renderHtml } from "../../../lib/preview/render/html";
import { renderMarkdown } from "../../../lib/preview/render/markdown";
import { Checks, NotRun } from "./harness";
import { sampleReport } from "./sample-report";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const RULES = ["GK5", "CI2", "CI10", "NP3", "NW1", "ST4", "GK11", "PL2"];

/** What an author of a pull request might write. */
const HOSTILE = [
  "<script>document.title='owned'</script>",
  "<img src=x onerror=\"document.title='owned'\">",
  "</code></summary></details><h2>forged</h2>",
  "```\n<svg onload=\"document.title='owned'\">\n```",
  "[x](javascript:document.title='owned') | a | --> <!--",
];

async function main(): Promise<void> {
  const checks = new Checks();
  await checks.group("the report in Chromium", async (scratch) => {
    const browser = await launch();
    try {
      const report = sampleReport(RULES);
      await page(checks, browser, report, scratch);
      await narrow(checks, browser, report, scratch);
      await hostile(checks, browser, report, scratch);
      await comment(checks, browser, report, scratch);
    } finally {
      await browser.close();
    }
  });
  process.exitCode = checks.end();
}

async function launch(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  try {
    return await chromium.launch({ executablePath, headless: true, args: FLAGS });
  } catch (error) {
    throw new NotRun(
      `no browser (${(error as Error).message.split("\n")[0]}); install Debian's package chromium, or name one in CHROMIUM`,
    );
  }
}

interface Visit {
  readonly page: Page;
  /** Errors, dialogs and requests: all must stay empty. */
  readonly trouble: string[];
}

async function open(
  browser: Browser,
  html: string,
  file: string,
  width: number,
  scheme: "light" | "dark",
): Promise<Visit> {
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
  const tab = await context.newPage();
  const trouble: string[] = [];
  const url = pathToFileURL(file).href;
  tab.on("pageerror", (error) => trouble.push(error.message));
  tab.on("console", (message) => trouble.push(message.text()));
  tab.on("dialog", (dialog) => trouble.push(dialog.message()));
  tab.on("request", (request) => request.url().split("#")[0] !== url && trouble.push(request.url()));
  await tab.goto(url);
  return { page: tab, trouble };
}

async function page(checks: Checks, browser: Browser, report: Report, scratch: string): Promise<void> {
  const { page: tab, trouble } = await open(browser, renderHtml(report), join(scratch, "report.html"), 1280, "light");
  const background = () => probe<string>(tab, "getComputedStyle(document.body).backgroundColor");
  const light = await background();
  await picture(tab, "report-light");
  await tab.click("#theme");
  const dark = await background();
  const two = brightness(light) > 0.8 && brightness(dark) < 0.1;
  checks.holds("light and dark are two, and the button switches", two, `${light} ${dark}`);
  await picture(tab, "report-dark");
  const poor = await probe<string[]>(tab, CONTRASTS);
  await tab.click("#theme");
  poor.push(...(await probe<string[]>(tab, CONTRASTS)));
  checks.holds("every text has a contrast of 4.5 at least, in both", poor.length === 0, [...new Set(poor)].join("\n"));
  await keyboard(checks, tab);
  const target = (await tab.getAttribute(".risks a[href^='#r-']", "href")) ?? "";
  await probe(tab, "document.querySelectorAll('details.resource').forEach((item) => item.removeAttribute('open'))");
  await tab.goto(`${tab.url().split("#")[0]}${target}`);
  checks.holds("a link to a resource opens it", await probe<boolean>(tab, `document.querySelector('${target}').open`));
  checks.holds("nothing was asked for, nothing went wrong", trouble.length === 0, trouble.join("\n"));
  await tab.context().close();
}

async function keyboard(checks: Checks, tab: Page): Promise<void> {
  await probe(tab, "document.activeElement.blur()");
  for (const key of ["j", "j", "k"]) await tab.keyboard.press(key);
  const first = await probe<string>(tab, "document.querySelector('details.resource').id");
  const focused = await probe<string>(tab, "document.activeElement.closest('details')?.id ?? ''");
  checks.holds("j and k step through the resources", focused === first, `${focused} ${first}`);
  const isOpen = () => probe<boolean>(tab, `document.getElementById('${first}').open`);
  const before = await isOpen();
  await tab.keyboard.press("Enter");
  checks.holds("Enter opens and closes one", (await isOpen()) !== before);
  await tab.keyboard.press("e");
  checks.holds("e opens all", (await tab.locator("details.resource:not([open])").count()) === 0);
  await tab.keyboard.press("/");
  await tab.keyboard.type("routingMode");
  const shown = () => tab.locator("details.resource:not(.hidden)").count();
  const [filtered, told] = [await shown(), (await tab.textContent("#count")) ?? ""];
  const narrowed = filtered >= 1 && filtered < 5 && told.startsWith(`${filtered} of `);
  checks.holds("/ filters, and says how many are left", narrowed, `${filtered} ${told}`);
  await tab.keyboard.press("Escape");
  checks.holds("Escape shows all again", (await shown()) > filtered);
}

async function narrow(checks: Checks, browser: Browser, report: Report, scratch: string): Promise<void> {
  for (const width of [320, 390, 768]) {
    const { page: tab } = await open(browser, renderHtml(report), join(scratch, "narrow.html"), width, "dark");
    // The narrowest telephones show the verdict and what happens, every other one what to do as well.
    const needed = width < 390 ? 0 : 1;
    const bottom = `[...document.querySelectorAll('.risks dt')][${needed}].getBoundingClientRect().bottom`;
    const screen = await probe<number>(tab, bottom);
    checks.holds(
      `${width} pixels wide, the first screen says what ${needed ? "to do" : "happens"}`,
      screen < 900,
      String(screen),
    );
    await tab.click("#all");
    const wide = await probe<number>(
      tab,
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    checks.holds(`${width} pixels wide, the page does not scroll sideways`, wide <= 0, String(wide));
    if (width === 390) await picture(tab, "report-small");
    await tab.context().close();
  }
}

async function hostile(checks: Checks, browser: Browser, report: Report, scratch: string): Promise<void> {
  const [stack] = report.stacks;
  const [resource] = stack!.resources;
  const resources = HOSTILE.map((text, i) => ({
    ...resource!,
    id: `r-${String(i).padStart(10, "0")}`,
    address: text,
    constructPath: text,
    why: [text],
    fields: [
      { path: text, kind: "changed" as const, before: text, after: text, note: text },
      { path: text, kind: "changed" as const, lines: [`+${text}`] },
    ],
  }));
  const stacks = [{ ...stack!, name: HOSTILE[0]!, notes: HOSTILE, resources }];
  const bad: Report = { ...report, problems: HOSTILE, stacks };
  for (const [name, html] of [
    ["page", renderHtml(bad)],
    ["comment", github(renderMarkdown(bad))],
  ] as const) {
    const { page: tab, trouble } = await open(browser, html, join(scratch, `hostile-${name}.html`), 1000, "light");
    const title = await tab.title();
    const built = await tab.locator("body img, body svg:not([role=img]), h2:has-text('forged')").count();
    const calm = title !== "owned" && trouble.length === 0 && built === 0;
    checks.holds(
      `hostile texts run nothing and build nothing in the ${name}`,
      calm,
      [title, built, ...trouble].join("\n"),
    );
    await tab.context().close();
  }
}

async function comment(checks: Checks, browser: Browser, report: Report, scratch: string): Promise<void> {
  const html = github(renderMarkdown(report));
  const { page: tab, trouble } = await open(browser, html, join(scratch, "comment.html"), 900, "light");
  const [rows, folded] = [await tab.locator("table tr").count(), await tab.locator("details").count()];
  checks.holds("the comment is tables and folded blocks", rows > 5 && folded > 3, `${rows} ${folded}`);
  checks.holds("without trouble", trouble.length === 0, trouble.join("\n"));
  await picture(tab, "comment");
  await tab.context().close();
}

/** Markdown as GitHub shows it, near enough to look at. */
function github(markdown: string): string {
  const body = new MarkdownIt({ html: true, linkify: true }).render(markdown);
  return `<!doctype html><meta charset="utf-8"><title>comment</title><style>
body{font:14px/1.5 system-ui,sans-serif;max-width:860px;margin:20px auto;padding:0 16px;color:#1f2328}
code{background:#eff1f3;padding:.2em .4em;border-radius:6px;font-size:85%}pre{background:#f6f8fa;padding:12px;overflow:auto}
pre code{background:none;padding:0}table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:6px 13px}
blockquote{border-left:4px solid #d1d9e0;margin:0;padding:0 1em}</style>${body}`;
}

/** Evaluated in the page, where the document is; a string, because this program is not compiled for browsers. */
function probe<T>(tab: Page, expression: string): Promise<T> {
  return tab.evaluate<T>(expression);
}

/** Texts whose contrast with what is behind them is below the accessibility guideline's (WCAG 1.4.3). */
const CONTRASTS = `(() => {
  const numbers = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const channel = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const bright = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if ((colour[3] ?? 1) > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("main *:not(svg *)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.offsetParent === null || element.matches(".zero, .none")) continue;
    const [a, b] = [bright(numbers(getComputedStyle(element).color)), bright(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(ratio.toFixed(2) + " " + element.tagName + "." + element.className + ": " + element.textContent.slice(0, 30));
  }
  return found;
})()`;

function brightness(colour: string): number {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

async function picture(tab: Page, name: string): Promise<void> {
  const directory = process.env["PREVIEW_SCREENSHOTS"];
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  await tab.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}

main();
