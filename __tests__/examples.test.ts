import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { describeEnvironment, type EnvironmentDefinition } from "../lib/environment";
import { readPage } from "./support/page";

/** Pages of docs/examples, the environments that they show, and the manifests that these apply. */
const root = resolve(__dirname, "..");
const DIRECTORY = "docs/examples";
const pages = readdirSync(join(root, DIRECTORY))
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .map((name) => ({ name, text: readPage(join(root, DIRECTORY, name)) }));
// Whoever makes a clone their own takes the examples out, and the policies that pages name with them.
const isHere = existsSync(join(root, "examples/star-wars"));

let workspace: string;
beforeAll(() => {
  // Inside the checkout, so that imports resolve as a user's would.
  mkdirSync(join(root, "coverage"), { recursive: true });
  workspace = mkdtempSync(join(root, "coverage", "examples-"));
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/** The environments that a page's program exports. */
function environmentsOf({ name, text }: (typeof pages)[number]): EnvironmentDefinition[] {
  const code = /^```ts\n(.*?)^```$/ms.exec(text)?.[1] ?? "";
  const file = join(workspace, `${name}.ts`);
  writeFileSync(file, code);
  return Object.values(require(file) as Record<string, EnvironmentDefinition>);
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Record<string, unknown>;
}

function manifests(path: string): Manifest[] {
  return parseAllDocuments(readFileSync(join(root, path), "utf8")).map((document) => document.toJS() as Manifest);
}

test.each(pages)("the environment of $name is sound, and so are the policies that it names", (page) => {
  const definitions = environmentsOf(page);
  expect(definitions.length).toBeGreaterThan(0);
  for (const given of definitions) {
    const { policies, ...without } = given;
    expect(describeEnvironment(isHere ? given : without).problems).toEqual([]);
    if (isHere) for (const path of policies?.directories ?? []) expect(existsSync(join(root, path))).toBe(true);
  }
});

test("every page stands in the list, and every manifest that one names is there", () => {
  const list = readFileSync(join(root, DIRECTORY, "README.md"), "utf8");
  for (const { name, text } of pages) {
    expect(list).toContain(`(${name})`);
    if (isHere)
      for (const [, path = ""] of text.matchAll(/(examples\/[\w-]+\/[\w./-]+)/g))
        expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  }
});

test("the shop's policies say what its configuration says: who asks whom, at which port", () => {
  const app = isHere ? manifests("examples/microservices/app.yaml") : [];
  const ports = new Map<string, number>();
  const configured = new Set<string>();
  for (const { kind, metadata, spec } of app)
    if (kind === "Service") ports.set(metadata.name, (spec["ports"] as { targetPort: number }[])[0]?.targetPort ?? 0);
  for (const { kind, metadata, spec } of app) {
    if (kind !== "Deployment") continue;
    const { template } = spec as { template: { spec: { containers: { env?: { value: string }[] }[] } } };
    for (const { value } of template.spec.containers[0]?.env ?? []) {
      const [target = ""] = value.split(":");
      // The assistant is no part of the demo as it is here.
      if (ports.has(target)) configured.add(`${metadata.name} -> ${target}:${ports.get(target)}`);
    }
  }
  const out = new Set<string>();
  const into = new Set<string>();
  type Peer = { podSelector?: { matchLabels: { app: string } } };
  type Rule = { to?: Peer[]; from?: Peer[]; ports: { port: number }[] };
  for (const file of isHere ? readdirSync(join(root, "examples/microservices/policies")) : []) {
    if (file === "default.yaml") continue;
    for (const { spec } of manifests(`examples/microservices/policies/${file}`)) {
      const {
        podSelector,
        egress = [],
        ingress = [],
      } = spec as { podSelector: { matchLabels: { app: string } }; egress?: Rule[]; ingress?: Rule[] };
      const own = podSelector.matchLabels.app;
      for (const {
        to = [],
        ports: [one],
      } of egress)
        for (const peer of to) out.add(`${own} -> ${peer.podSelector?.matchLabels.app}:${one?.port}`);
      for (const {
        from = [],
        ports: [one],
      } of ingress)
        for (const peer of from) into.add(`${peer.podSelector?.matchLabels.app} -> ${own}:${one?.port}`);
    }
  }
  expect([...out].sort()).toEqual([...configured].sort());
  // The frontend is open to whoever comes.
  expect([...into].sort()).toEqual([...configured].filter((edge) => !edge.endsWith("frontend:8080")).sort());
  expect(configured.size).toBe(isHere ? 16 : 0);
});
