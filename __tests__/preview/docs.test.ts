import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { rulesTable } from "../../lib/preview/render/rules";
import { RULES } from "../../lib/preview/rules";
import { COMMANDS, parseCommand } from "../../lib/preview/run/command-line";
import { commandHelp, helpText } from "../../lib/preview/run/help";
import { parsePreviewOptions } from "../../lib/preview/run/options";

const page = readFileSync(join(__dirname, "../../docs/preview.md"), "utf8").replaceAll("\r\n", "\n");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, code]) => code!);

test("the page has every rule as the code has it", () => {
  const table = /<!-- rules -->\n(.*)\n<!-- \/rules -->/s.exec(page)?.[1];
  expect(table?.split("\n")).toEqual(rulesTable());
  expect(table?.split("\n")).toHaveLength(RULES.length + 2);
});

test("every command on the page is understood", () => {
  const commands = blocks("sh")
    .flatMap((block) => block.split("\n"))
    .filter((line) => line.startsWith("npm run preview"));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands) {
    const args = command
      .replace(/#.*/, "")
      .replace(/^npm run preview( --)?/, "")
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    if (args[0] !== "apply") parsePreviewOptions(args);
  }
});

test("the workflows it shows are YAML that calls ours with inputs they have", () => {
  for (const block of blocks("yaml")) {
    const content = parse(block);
    const jobs = Object.values<{ uses?: string; with?: object; permissions?: object }>(content.jobs ?? {});
    for (const job of jobs.filter(({ uses }) => uses !== undefined)) {
      const file = /\.github\/workflows\/([\w-]+\.yml)@/.exec(job.uses ?? "")![1]!;
      const workflow = parse(readFileSync(join(__dirname, "../../.github/workflows", file), "utf8"));
      expect(Object.keys(workflow.on.workflow_call.inputs)).toEqual(
        expect.arrayContaining(Object.keys(job.with ?? {})),
      );
      // A called workflow can only lower permissions: the caller must grant what its jobs ask for.
      const asked = Object.values<{ permissions: Record<string, string> }>(workflow.jobs).map(
        ({ permissions }) => permissions,
      );
      expect(job.permissions).toMatchObject(Object.assign({}, ...asked));
    }
  }
});

test("every command of the recipes for other hosts is understood", () => {
  const scripts = blocks("yaml").flatMap((block) => block.match(/gke-cilium-preview(?: [^\n]*)/g) ?? []);
  const commands = scripts.filter((line) => !line.includes("/.github/")).map((line) => line.replace(/ \|\|.*/, ""));
  expect(commands.length).toBeGreaterThan(4);
  for (const command of commands) {
    const [, first = "", ...rest] = command.replace(/\$\([^)]*\)/g, "x").match(/"[^"]*"|[^\s"]+/g) ?? [];
    const name = first.startsWith("--") ? "preview" : first;
    parseCommand(name, name === "preview" ? [first, ...rest] : rest);
  }
});

test("the role in Kubernetes that it shows only reads Secrets", () => {
  const terraform = blocks("hcl").join("\n");
  expect(terraform).toContain('resources  = ["secrets"]');
  const verbs = [...terraform.matchAll(/verbs\s*=\s*(\[[^\]]*\])/g)].map(([, list]) => JSON.parse(list!));
  expect(verbs).toEqual([["get", "list"]]);
});

test.each(COMMANDS.map((command) => [command.name, command]))(
  "the help of %s names every option it takes",
  (_, command) => {
    const help = command.name === "preview" ? helpText() : commandHelp(command);
    for (const { name, text } of command.options) {
      expect(help).toContain(`--${name}`);
      expect(help.replace(/\s+/g, " ")).toContain(text);
    }
    for (const line of help.split("\n")) expect(line.length).toBeLessThanOrEqual(101);
  },
);

test("the help lists every command", () => {
  for (const { name } of COMMANDS.slice(1)) expect(helpText()).toContain(`gke-cilium-preview ${name} `);
  expect(helpText()).toContain("--version");
});
