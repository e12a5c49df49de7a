import MarkdownIt from "markdown-it";
import type { DefaultTreeAdapterTypes } from "parse5";
import { parseFragment } from "parse5";
import { FLAVOURS } from "../../../lib/preview/render/flavour";
import { renderMarkdown } from "../../../lib/preview/render/markdown";
import { cell, code, fence } from "../../../lib/preview/render/markdown-escape";
import fc from "../../support/fast-check";
import { finding, HOSTILE, hostileReport, NONE, report, resource, stack } from "../sample";

type Node = DefaultTreeAdapterTypes.ChildNode;

const COMMENT_LIMIT = FLAVOURS.github.limit;

// With raw HTML on, as on GitHub, which then takes dangerous tags away; here none may come about in the first place.
const markdown = new MarkdownIt({ html: true, linkify: true });

interface Page {
  readonly elements: readonly string[];
  readonly attributes: readonly string[];
  /** Text outside of code, where mentions, numbers and addresses would be read. */
  readonly prose: string;
  readonly links: readonly string[];
  readonly headings: readonly string[];
  readonly codes: readonly string[];
}

function read(text: string): Page {
  const page = {
    elements: [] as string[],
    attributes: [] as string[],
    prose: "",
    links: [] as string[],
    headings: [] as string[],
    codes: [] as string[],
  };
  const textOf = (node: Node): string =>
    "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
  const walk = (node: Node, inCode: boolean): void => {
    if (node.nodeName === "#comment") page.elements.push("#comment");
    if ("value" in node && !inCode) page.prose += node.value;
    if (!("tagName" in node)) return;
    page.elements.push(node.tagName);
    if (node.tagName === "a") page.links.push(...node.attrs.map(({ value }) => value));
    page.attributes.push(...node.attrs.map(({ name }) => name));
    if (/^h\d$/.test(node.tagName)) page.headings.push(textOf(node));
    if (node.tagName === "code") page.codes.push(textOf(node));
    for (const child of node.childNodes) walk(child, inCode || node.tagName === "code");
  };
  for (const node of parseFragment(markdown.render(text)).childNodes) walk(node, false);
  return page;
}

const ALLOWED = new Set(
  "h2 h3 p code pre table thead tbody tr th td strong em sub br a details summary ul li blockquote".split(" "),
);

describe("text from a plan", () => {
  test.each(HOSTILE.map((text) => [text]))("cannot leave its code span or fence: %j", (text) => {
    const page = read(renderMarkdown(hostileReport(text)));
    expect(page.elements.filter((name) => !ALLOWED.has(name))).toEqual([]);
    expect(page.attributes.filter((name) => !["open", "class", "href"].includes(name))).toEqual([]);
    expect(
      page.headings.filter(
        (heading) => !/^(⛔ Plan preview|Risks$|Stacks$|Changes$|Plan failed: [\w.-]+$|Plan failed$)/.test(heading),
      ),
    ).toEqual([]);
    expect(new Set(page.links)).toEqual(new Set(["https://example.com/docs#part"]));
    expect(page.prose).not.toMatch(/octocat|evil\.example|forged|alert|org\/repo/);
    // Told in full all the same.
    const told = page.codes.join("\n").replace(/\s+/g, " ");
    expect(told).toContain(text.split("\n")[0]!.replace(/\s+/g, " ").trim().slice(0, 40));
  });

  test("of any kind ends up in code, unchanged", () => {
    const line = (text: string) => text.replace(/\s+/g, " ").trim();
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("`", "|", "\\", " ", "a", "<", "@", "*", "\n"),
          minLength: 1,
          maxLength: 12,
        }),
        (text) => {
          const { elements, codes } = read(`x ${code(text)} y`);
          expect(elements).toEqual(["p", "code"]);
          expect(codes[0]!.trim()).toBe(line(text));
          const table = read(`| a | b |\n|---|---|\n| ${cell(text)} | end |`);
          expect(table.elements.filter((name) => name === "td")).toHaveLength(2);
          expect(table.codes[0]!.trim()).toBe(line(text));
          const block = read(fence(text.split("\n"), "diff"));
          expect(block.elements).toEqual(["pre", "code"]);
        },
      ),
    );
  });
});

describe("layout", () => {
  test("is read in this order: verdict, risks with effect and remedy, stacks by numbers, and the rest folded", () => {
    const calm = resource({ address: "google_compute_network.x", severity: undefined, rules: [], action: "update" });
    const remark = finding({ rule: "ST10", severity: "info", title: "Good to know", consequence: "Nothing much." });
    const text = renderMarkdown(
      report({ findings: [finding(), remark], stacks: [stack({ resources: [resource(), calm] })] }),
    );
    const order = [
      "## ⛔",
      "### Risks",
      "**The cluster is destroyed**",
      "cluster dev is replaced",
      "**What happens:** Everything is gone.",
      "**What to do:** Undo it.",
      "<details><summary>Good to know: 1 note",
      "### Stacks",
      "### Changes",
      "<details><summary>🔴 ±",
      "1 more change",
      "Every rule that fired",
    ].map((part) => text.indexOf(part));
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(order).not.toContain(-1);
    expect(text.slice(0, text.indexOf("<details"))).toContain("**What to do:** Undo it.");
    expect(text).not.toContain("<details open");
  });

  test("medium risks beyond the fifth keep their place and lose their explanation to the fold below", () => {
    const findings = Array.from({ length: 9 }, (_, i) =>
      finding({ rule: `X${i}`, severity: "medium", title: `Title ${i}`, consequence: `Effect ${i}.` }),
    );
    const text = renderMarkdown(report({ findings }));
    for (let i = 0; i < 9; i++) expect(text).toContain(`**Title ${i}** · medium`);
    expect(text).toContain("**What happens:** Effect 4.");
    expect(text).not.toContain("**What happens:** Effect 5.");
    expect(text.slice(text.indexOf("Every rule that fired"))).toContain("Effect 5.");
  });

  test("Terraform's whole error stands on top, as it is told", () => {
    const error = "Error: Invalid value\n\n  on cdk.tf.json line 4:\n   4: x\n\nThe value is bad.";
    const text = renderMarkdown(
      report({ verdict: "error", problems: [`dev-networking: terraform plan failed: ${error}`] }),
    );
    expect(text).toMatch(
      /^## ❌[\s\S]{0,400}### Plan failed: `dev-networking`\n\n```\nterraform plan failed: Error: Invalid value/,
    );
    expect(text).toContain("   4: x\n\nThe value is bad.\n```");
  });

  test("unchanged stacks share one line", () => {
    const quiet = ["a", "b", "c"].map((name) => stack({ name, status: "unchanged", resources: [], counts: NONE }));
    const text = renderMarkdown(report({ stacks: [stack(), ...quiet] }));
    expect(text).toContain("No changes in 3 stacks: `a`, `b`, `c`.");
  });

  test("Bitbucket, which shows HTML as text, gets none", () => {
    const calm = resource({ address: "google_compute_network.x", severity: undefined, rules: [], action: "update" });
    const text = renderMarkdown(report({ stacks: [stack({ resources: [resource(), calm] }), stack({ name: "b" })] }), {
      flavour: "bitbucket",
      marker: "tool:v1 key=a",
    });
    expect(text).not.toMatch(/<(?!https:)/);
    expect(text).not.toContain("mermaid");
    expect(text).toMatch(/^\[\/\/\]: # \(tool:v1 key=a\)\n/);
    expect(text).toContain("**What to do:** Undo it.");
  });

  test("one risk in several environments is told once and names each place", () => {
    const names = ["dev-cluster", "staging-cluster", "prod-cluster"];
    const text = renderMarkdown(report({ findings: names.map((name) => finding({ stack: name })) }));
    expect(text.match(/^🔴/gm)).toHaveLength(1);
    for (const name of names) expect(text).toContain(`- \`${name}\` \`google_container_cluster.main\`: `);
    const both = [finding({ certainty: "planned" }), finding({ certainty: "predicted", stack: "prod-cluster" })];
    expect(renderMarkdown(report({ findings: both })).match(/^🔴/gm)).toHaveLength(2);
  });

  test("a preview that failed says so at the top, whatever else it found", () => {
    const text = renderMarkdown(report({ verdict: "error", problems: ["dev-cluster: terraform init failed"] }));
    expect(text).toMatch(/^## ❌ Plan preview: the preview failed/);
    expect(text).toMatch(/\[!CAUTION\]\n> \*\*This preview is not complete/);
    expect(text).toContain("terraform init failed");
  });

  test("nothing to say is said in one line", () => {
    const quiet = stack({ status: "unchanged", resources: [], counts: NONE });
    expect(
      renderMarkdown(
        report({ verdict: "unchanged", findings: [], stacks: [quiet], limits: [], base: undefined, head: undefined }),
      ),
    ).toBe("## ✅ Plan preview: nothing changes\n\nNo changes in 1 stack: `dev-cluster`.\n");
  });

  test("the marker comes first, and nothing can be smuggled into it", () => {
    expect(renderMarkdown(report(), { marker: "tool:v1 key=a--><script>" })).toMatch(
      /^<!-- tool:v1 key=a--script -->\n/,
    );
  });
});

describe("length", () => {
  const many = (n: number) =>
    Array.from({ length: n }, (_, i) =>
      resource({
        id: `r-${String(i).padStart(10, "0")}`,
        address: `google_compute_firewall.rule${i}`,
        severity: undefined,
        rules: [],
        action: "update",
        fields: [{ path: "description", kind: "changed", before: "x".repeat(200), after: "y".repeat(200) }],
      }),
    );

  test("300 changed resources fit a comment: detail goes from the bottom, risks and stacks stay", () => {
    const text = renderMarkdown(report({ stacks: [stack({ resources: [resource(), ...many(300)] })] }), {
      link: "https://example.com/report",
    });
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text).toContain("The cluster is destroyed");
    expect(text).toContain("google_compute_firewall.rule299");
    expect(read(text).elements.filter((name) => name === "details").length).toBeGreaterThan(1);
  });

  test("of thousands of changed resources as many are listed as fit, and the rest is counted", () => {
    const text = renderMarkdown(report({ stacks: [stack({ resources: many(5_000) })] }));
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT * 0.95);
    const listed = (text.match(/^- .*rule\d+/gm) ?? []).length;
    expect(listed).toBeGreaterThan(500);
    expect(text).toContain(`- and ${5_000 - listed} more\n`);
    expect(text).toContain(`**Not shown for length:** ${5_000 - listed} resources of a stack`);
  });

  test.each([500, 5_000])("%d findings fit as well: places are counted before a risk is dropped", (n) => {
    const findings = Array.from({ length: n }, (_, i) =>
      finding({ rule: `X${i % 40}`, stack: `s${i % 100}`, address: `a.b${i}`, detail: "d".repeat(300) }),
    );
    const text = renderMarkdown(report({ findings }));
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    for (let i = 0; i < 40; i++) expect(text).toContain(` · X${i}\n`);
  });

  test("what is missing is named, with the way to all of it", () => {
    const risky = many(300).map((r) => ({ ...r, severity: "high" as const, rules: ["NP3"] }));
    const text = renderMarkdown(report({ stacks: [stack({ resources: risky })] }), { link: "https://example.com/a b" });
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text).toMatch(
      /\*\*Not shown for length:\*\* \d+ more resources.*\[The whole report\]\(https:\/\/example\.com\/a%20b\)/,
    );
    // Whatever was cut, every block that was opened is closed.
    const page = read(text);
    expect((text.match(/<details/g) ?? []).length).toBe((text.match(/<\/details>/g) ?? []).length);
    expect(page.elements.filter((name) => !ALLOWED.has(name))).toEqual([]);
  });
});
