import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMANDS } from "../../../lib/preview/run/command-line";
import { main } from "../../../lib/preview/run/main";
import { inert } from "../../../lib/preview/run/output";

let directory: string;
let printed: { out: string; err: string };
const variables = ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "LINES", "COLUMNS"] as const;
const saved = variables.map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "preview-main-"));
  printed = { out: "", err: "" };
  for (const name of variables) delete process.env[name];
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    printed.err += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** A synthesized app on disk. */
function synth(name: string, stacks: Readonly<Record<string, Resources>>): string {
  const target = join(directory, name);
  const entries = Object.entries(stacks).map(([stack, resource], i) => {
    mkdirSync(join(target, "stacks", String(i)), { recursive: true });
    writeFileSync(join(target, "stacks", String(i), "cdk.tf.json"), JSON.stringify({ resource }));
    const entry = {
      synthesizedStackPath: `stacks/${i}/cdk.tf.json`,
      workingDirectory: `stacks/${i}`,
      dependencies: [],
    };
    return [stack, { ...entry, annotations: [] }];
  });
  writeFileSync(
    join(target, "manifest.json"),
    JSON.stringify({ version: "0.21.0", stacks: Object.fromEntries(entries) }),
  );
  return target;
}

const pool = (text: string) => ({
  google_container_node_pool: { general: { name: "general", cluster: "dev", location: text } },
});
const sides = (before: string, after: string) => [
  "--base",
  synth("base", { "dev-cluster": pool(before), "prod-cluster": pool("x") }),
  "--head",
  synth("head", { "dev-cluster": pool(after), "prod-cluster": pool("x") }),
];
const out = (name: string) => join(directory, name);

describe("the command line", () => {
  test.each([["--version"], ["version"]])("%s prints the version", async (arg) => {
    expect(await main([arg])).toBe(0);
    expect(printed.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each(COMMANDS.map(({ name }) => [name]))(
    "%s --help and help %s are the same, with every option",
    async (name) => {
      expect(await main([name, "--help"])).toBe(0);
      const first = printed.out;
      printed.out = "";
      expect(await main(["help", name])).toBe(0);
      expect(printed.out).toBe(first);
      for (const option of COMMANDS.find((command) => command.name === name)!.options)
        expect(first).toContain(`--${option.name}`);
    },
  );

  test.each<[string[], RegExp]>([
    [["prewiew"], /prewiew: there is no such command; did you mean 'preview'\?/],
    [["frobnicate"], /frobnicate: there is no such command; the commands are preview, affected/],
    [["render"], /render: name at least one report.json/],
    [["render", "--expcet", "a"], /--expcet: .*did you mean --expect\?/],
    [["comment", "--on", "svn"], /--on svn: choose github, gitlab, bitbucket/],
    [["rules", "--format", "html"], /--format html: choose markdown or json/],
    [["affected", "stray"], /stray: 'gke-cilium-preview affected' takes options only/],
    [["apply"], /apply: give --plans/],
  ])("%j is refused with what would be right", async (args, problem) => {
    expect(await main(args)).toBe(1);
    expect(printed.err).toMatch(problem);
    expect(printed.err).toContain("--help lists every option");
  });
});

describe("a preview", () => {
  test("ends with its verdict as the exit code", async () => {
    expect(await main(sides("a", "a"))).toBe(0);
    expect(printed.out).toContain("nothing changes");
    expect(await main(sides("a", "b"))).toBe(3);
    expect(await main([...sides("a", "b"), "--fail-on", "never"])).toBe(2);
    expect(await main(["--base", out("nowhere"), "--head", out("nowhere")])).toBe(1);
  });

  test("writes every format, and prints a short report with what was written", async () => {
    const files = ["a.md", "a.html", "a.json", "a.sarif", "a.txt"].map(out);
    expect(await main([...sides("a", "b"), ...files.flatMap((file) => ["--out", file])])).toBe(3);
    for (const file of files) expect(readFileSync(file, "utf8")).toContain("google_container_node_pool.general");
    expect(printed.out).toMatch(/^Plan preview: .*risk/);
    expect(printed.out).toContain(`Written: ${files.join(", ")}`);
    expect(printed.out.split("\n").length).toBeLessThan(62);
  });

  test("into a directory that is not there is refused in words", async () => {
    expect(await main([...sides("a", "b"), "--out", join(directory, "no", "a.md")])).toBe(1);
    expect(printed.err).toContain("cannot be written (ENOENT)");
  });

  test("looks at the environments and stacks that are asked for, and at no misspelt ones", async () => {
    expect(await main([...sides("a", "b"), "--stack", "prod-cluster"])).toBe(0);
    expect(await main([...sides("a", "b"), "--stack", "dev-cluster,prod-cluster", "--env", "dev,prod"])).toBe(3);
    expect(await main([...sides("a", "b"), "--stack", "dev-clutser"])).toBe(1);
    expect(await main([...sides("a", "b"), "--env", "dve,prod"])).toBe(1);
    expect(printed.err).toMatch(/has no stack dev-clutser; check --stack[\s\S]*has no stacks of dve; check --env/);
  });

  test("of a stack whose name is a path reads and writes nothing outside", async () => {
    const hostile = { "../../evil": pool("a") };
    mkdirSync(out("plans"));
    writeFileSync(out("evil.json"), "{}");
    const head = synth("head", hostile);
    expect(await main(["--head", head, "--plan-json", join(out("plans"), "x", "y"), "--format", "json"])).toBe(1);
    expect(printed.out).toContain("cannot be the name of a file; rename the stack");
    expect(readdirSync(directory).sort()).toEqual(["evil.json", "head", "plans"]);
  });
});

describe("in a job of GitHub Actions", () => {
  const evil = "::set-output name=x::y";

  test.each(["terminal", "markdown", "html"])("no line of %s is a command to the runner", async (format) => {
    process.env["GITHUB_ACTIONS"] = "true";
    const text = `a\n${evil}\n ::error::b\n##[add-mask]c\n`;
    await main([...sides("first\nsecond", text), "--format", format, "--full"]);
    expect(printed.out).toContain("set-output");
    for (const line of printed.out.split("\n")) expect(line).not.toMatch(/^\s*::|##\[/);
  });

  test("errors and progress are inert as well", async () => {
    process.env["GITHUB_ACTIONS"] = "true";
    await main(["--base", `\n${evil}`]);
    for (const line of printed.err.split("\n")) expect(line).not.toMatch(/^\s*::/);
  });

  test("inert() leaves everything else alone", () => {
    expect(inert("a::b\n  ::c\nd ::e")).toBe("a::b\n  :\u200b:c\nd ::e");
  });

  test("--job-summary appends the report, --annotate points at the line of the environment", async () => {
    process.env["GITHUB_STEP_SUMMARY"] = out("summary");
    writeFileSync(out("summary"), "before\n");
    const args = sides("a", "b");
    writeFileSync(
      join(args[3]!, "preview-sources.json"),
      JSON.stringify({ dev: { file: "apps/a/environments/dev.ts", line: 7 } }),
    );
    await main([...args, "--job-summary", "--annotate", "--out", out("a.json"), "--out", out("a.sarif")]);
    expect(readFileSync(out("summary"), "utf8")).toMatch(/^before\n## ⛔ Plan preview/);
    expect(printed.out).toMatch(/^::error file=apps\/a\/environments\/dev.ts,line=7,title=NP\d [^:]*::dev-cluster/m);
    const sarif = JSON.parse(readFileSync(out("a.sarif"), "utf8"));
    expect(sarif.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "apps/a/environments/dev.ts" },
      region: { startLine: 7 },
    });
  });

  test("a place that leads out of the repository is not believed", async () => {
    const args = sides("a", "b");
    const sources = { dev: { file: "../../etc/passwd", line: 1 }, prod: { file: "a\nb", line: 1 } };
    writeFileSync(join(args[3]!, "preview-sources.json"), JSON.stringify(sources));
    await main([...args, "--annotate"]);
    expect(printed.out).not.toContain("passwd");
    expect(printed.out).toMatch(/^::error title=NP/m);
  });

  test("--job-summary outside of one says what is missing", async () => {
    expect(await main([...sides("a", "b"), "--job-summary"])).toBe(1);
    expect(printed.err).toContain("GITHUB_STEP_SUMMARY is not set");
  });
});

test("what only a credential looks like is not told in an error either", async () => {
  await main(["--base", `https://user:hunter2hunter2@git.example.com/x`]);
  expect(printed.err).not.toContain("hunter2hunter2");
  expect(existsSync(out("x"))).toBe(false);
});
