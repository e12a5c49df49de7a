import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { packageManifest } from "../lib/init/package-manifest";
import { readPage } from "./support/page";
import { replaceTable } from "./support/readme-table";

/** Code and commands in the README and docs/: type-checked together and run one by one. */
const root = resolve(__dirname, "..");
// A clone has a README of its own, with code of its own.
const isOurs = readFileSync(join(root, "README.md"), "utf8").startsWith("# cdktf-gke-cilium");
const pages = [...(isOurs ? ["README.md"] : []), ...markdown("docs")];

interface Block {
  readonly page: string;
  readonly language: string;
  readonly code: string;
}

const blocks = pages.flatMap((page) =>
  [...read(page).matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    (match): Block => ({ page, language: match[1] as string, code: match[2] as string }),
  ),
);
const programs = blocks.filter(({ language }) => language === "ts");
/** What a page imports from its own project: the environment that the README shows, or that these tests have. */
const environment =
  programs.find(({ code }) => code.includes("export const staging"))?.code ??
  'export { staging } from "../../../__tests__/support/environments";\n';

let workspace: string;
beforeAll(() => {
  // Inside the checkout, so that imports of cdktf and of jest's types resolve as a user's would.
  mkdirSync(join(root, "coverage"), { recursive: true });
  workspace = mkdtempSync(join(root, "coverage", "docs-"));
  programs.forEach(({ code }, index) => {
    mkdirSync(join(workspace, String(index)));
    writeFileSync(join(workspace, String(index), "page.ts"), `export {};\n${code}`);
    writeFileSync(join(workspace, String(index), "staging.ts"), environment);
  });
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

test("every page has been read", () => {
  expect(pages).toContain("docs/dataplane-v2.md");
  expect(programs.length).toBeGreaterThan(isOurs ? 4 : 2);
});

test("every program compiles against the library", () => {
  writeFileSync(
    join(workspace, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: {
        noUnusedLocals: false,
        paths: {
          "cdktf-gke-cilium": ["../../lib/index.ts"],
          "cdktf-gke-cilium/testing": ["../../lib/testing/index.ts"],
        },
      },
      include: ["**/*.ts"],
      exclude: [],
    }),
  );
  const { stdout } = spawnSync("node", [join(root, "node_modules/typescript/bin/tsc"), "-p", workspace], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
});

test.each(programs.map((block, index) => [`${block.page} #${index}`, block, index] as const))(
  "%s runs",
  (_, block, index) => {
    if (/\btest\(/.test(block.code)) return expect(block.code).toContain("expect(");
    const before = process.env["CDKTF_OUTDIR"];
    process.env["CDKTF_OUTDIR"] = join(workspace, String(index), "cdktf.out");
    try {
      expect(Object.keys(require(join(workspace, String(index), "page.ts")) as object)).toBeDefined();
    } finally {
      if (before === undefined) delete process.env["CDKTF_OUTDIR"];
      else process.env["CDKTF_OUTDIR"] = before;
    }
  },
);

test.each(blocks.filter(({ language }) => language === "sh"))("$page names commands that exist", ({ code }) => {
  // A page may be about this repository, or about one that `gke-cilium init` makes.
  const manifests = [readFileSync(join(root, "package.json"), "utf8"), packageManifest({ name: "platform" })];
  const scripts = manifests.flatMap((text) => Object.keys((JSON.parse(text) as { scripts: object }).scripts));
  for (const [, script] of code.matchAll(/npm run (?:--silent )?([\w:]+)/g)) expect(scripts).toContain(script);
});

test.each(pages)("the links of %s within the project lead somewhere", (page) => {
  const text = read(page);
  for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
    // Whoever makes a clone their own takes the examples out.
    if (!isOurs && /examples(\/|$)/.test(target ?? "")) continue;
    expect({ target, exists: existsSync(join(root, dirname(page), target as string)) }).toEqual({
      target,
      exists: true,
    });
  }
});

test("where npm run synth's table is shown, it is found and renewed", () => {
  const shown = pages.filter((page) => read(page).includes("Environment   Stack"));
  expect(shown).toEqual(isOurs ? ["README.md"] : []);
  for (const page of shown) expect(replaceTable(read(page), "renewed\n")).toContain("```text\nrenewed\n```");
});

function read(page: string): string {
  return readPage(join(root, page));
}

function markdown(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? markdown(join(directory, entry.name))
      : entry.name.endsWith(".md")
        ? [join(directory, entry.name)]
        : [],
  );
}
