import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { renderHtml } from "../../../lib/preview/render/html";
import { HOSTILE, hostileReport, NONE, report, resource, stack } from "../sample";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

function elements(html: string): readonly Element[] {
  const found: Element[] = [];
  const walk = (node: Node): void => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
  return found;
}

const attribute = (element: Element, name: string) => element.attrs.find((attr) => attr.name === name)?.value;
const skeleton = (html: string) =>
  elements(html).map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(" "));

test.each(HOSTILE.map((text) => [text]))("a hostile text changes nothing but text: %j", (text) => {
  expect(skeleton(renderHtml(hostileReport(text)))).toEqual(skeleton(renderHtml(hostileReport("plain"))));
  for (const element of elements(renderHtml(hostileReport(text)))) {
    for (const { name, value } of element.attrs) {
      expect(name).not.toMatch(/^on/);
      if (name === "href") expect(value).toMatch(/^(#[\w-]+|https:\/\/example\.com\/docs#part)$/);
    }
  }
});

test("the page asks for nothing and runs nothing but its own script, which the policy pins", () => {
  const all = elements(renderHtml(report()));
  const policy = attribute(
    all.find((element) => attribute(element, "http-equiv") === "Content-Security-Policy")!,
    "content",
  )!;
  expect(policy).toContain("default-src 'none'");
  for (const [tag, directive] of [
    ["style", "style-src"],
    ["script", "script-src"],
  ] as const) {
    const [element, ...others] = all.filter(({ tagName }) => tagName === tag);
    expect(others).toEqual([]);
    const text = (element!.childNodes[0] as DefaultTreeAdapterTypes.TextNode).value;
    expect(policy).toContain(`${directive} 'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  }
  expect(all.flatMap(({ attrs }) => attrs.filter(({ name }) => ["src", "style", "srcset"].includes(name)))).toEqual([]);
  expect(all.filter(({ tagName }) => ["link", "img", "iframe", "object", "base", "form"].includes(tagName))).toEqual(
    [],
  );
});

test("every link within the page leads somewhere, and every resource can be linked to", () => {
  const all = elements(
    renderHtml(
      report({
        stacks: [
          stack(),
          stack({
            name: "dev-networking",
            dependencies: ["dev-cluster"],
            resources: [resource({ id: "r-abcdefabcd" })],
          }),
        ],
      }),
    ),
  );
  const ids = all.map((element) => attribute(element, "id")).filter((id) => id !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
  for (const href of all.map((element) => attribute(element, "href")).filter((href) => href?.startsWith("#"))) {
    expect(ids).toContain(href!.slice(1));
  }
  expect(ids).toEqual(expect.arrayContaining(["r-0123456789", "r-abcdefabcd"]));
});

test("what a risk hangs on is open, the rest is closed", () => {
  const calm = resource({ id: "r-cccccccccc", severity: undefined, rules: [] });
  const all = elements(renderHtml(report({ stacks: [stack({ resources: [resource(), calm] })] })));
  const open = (id: string) => attribute(all.find((element) => attribute(element, "id") === id)!, "open") !== undefined;
  expect([open("r-0123456789"), open("r-cccccccccc")]).toEqual([true, false]);
});

test("the first screen holds the verdict, the numbers and the worst risk with what happens and what to do", () => {
  const text = renderHtml(
    report({ stacks: [stack(), stack({ name: "quiet", status: "unchanged", resources: [], counts: NONE })] }),
  );
  const order = [
    "Settle these risks before you merge",
    '<li class="critical"><b>1</b> critical</li>',
    '<li class="replace"><b>1</b> to replace</li>',
    "The cluster is destroyed",
    "<dt>What happens</dt><dd>Everything is gone.</dd>",
    "<dt>What to do</dt><dd>Undo it.</dd>",
    '<section id="stacks">',
    "No changes in 1 stack",
    "<summary>Diagram</summary>",
    '<details class="resource',
  ].map((part) => text.indexOf(part));
  expect(order).not.toContain(-1);
  expect([...order].sort((a, b) => a - b)).toEqual(order);
});

test("Terraform's error keeps its lines", () => {
  const html = renderHtml(report({ verdict: "error", problems: ["dev: failed: Error: no\n\n  on <x> line 3:"] }));
  expect(html).toContain('<li class="whole">dev: failed: Error: no\n\n  on &#60;x&#62; line 3:</li>');
});

test("a preview that failed says so in words and by its role", () => {
  const html = renderHtml(report({ verdict: "error", problems: ["plan of dev-cluster: is cut off"] }));
  const alert = elements(html).find((element) => attribute(element, "role") === "alert");
  expect(alert).toBeDefined();
  expect(html).toContain("Do not read it as a green one");
});
