import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { CiliumVersion } from "../../lib/cilium";
import { TESTED_KUBERNETES } from "../../lib/facts/cilium";
import { completeOptions, parseInitArguments, repositoryFiles, writeRepository } from "../../lib/init";
import { DEFAULT_CHART_VERSION } from "../../lib/monitoring/stack/chart";

const filesOf = (...args: readonly string[]) =>
  repositoryFiles(
    completeOptions(parseInitArguments(["--environment", "dev=acme-dev", "--location", "us-east1-b", ...args], "/a")),
    "00000000-0000-4000-8000-000000000000",
  );
const textOf = (files: ReadonlyMap<string, string>, path: string): string => {
  const text = files.get(path);
  if (text === undefined) throw new Error(`there is no ${path}, but ${[...files.keys()].join(", ")}`);
  return text;
};

test("nothing of a template is left unfilled", () => {
  for (const [path, text] of filesOf()) {
    expect({ path, unfilled: /__[A-Z_]+__|undefined|\[object/.exec(text) }).toEqual({ path, unfilled: null });
    expect({ path, end: text.endsWith("\n") }).toEqual({ path, end: true });
  }
});

test("Renovate finds every version that an environment pins", () => {
  const files = filesOf("--dataplane", "kube-proxy-free");
  const { customManagers } = JSON.parse(textOf(files, "renovate.json")) as {
    customManagers: { matchStrings: string[]; managerFilePatterns: string[] }[];
  };
  const [manager] = customManagers;
  const found = [...textOf(files, "environments/dev.ts").matchAll(new RegExp(manager?.matchStrings[0] ?? "", "g"))];
  expect(found.map(({ groups }) => ({ ...groups }))).toEqual([
    {
      datasource: "helm",
      depName: "cilium",
      registryUrl: "https://helm.cilium.io",
      currentValue: String(CiliumVersion.DEFAULT),
      versioning: undefined,
    },
    {
      datasource: "endoflife-date",
      depName: "google-kubernetes-engine",
      registryUrl: undefined,
      currentValue: expect.stringMatching(/^1\.\d+$/),
      versioning: "loose",
    },
    {
      datasource: "helm",
      depName: "kube-prometheus-stack",
      registryUrl: "https://prometheus-community.github.io/helm-charts",
      currentValue: DEFAULT_CHART_VERSION,
      versioning: undefined,
    },
  ]);
  const chosen =
    'providers: {\n    // renovate: datasource=terraform-provider depName=hashicorp/google\n    google: "7.45.0",\n  },';
  expect(new RegExp(manager?.matchStrings[0] ?? "").exec(chosen)?.groups).toMatchObject({
    depName: "hashicorp/google",
    currentValue: "7.45.0",
  });
  expect(new RegExp((manager?.managerFilePatterns[0] ?? "").slice(1, -1)).test("environments/dev.ts")).toBe(true);
});

test("the minor of GKE is pinned to one that the pinned Cilium is tested with", () => {
  const file = textOf(filesOf("--dataplane", "kube-proxy-free"), "environments/dev.ts");
  const minor = Number(/minVersion: "1\.(\d+)"/.exec(file)?.[1]);
  const { first, last } = TESTED_KUBERNETES[CiliumVersion.DEFAULT.supportedMinor ?? "1.20"];
  const minorOf = (version: string) => Number(version.split(".")[1]);
  expect(minor).toBeGreaterThanOrEqual(minorOf(first));
  expect(minor).toBeLessThanOrEqual(minorOf(last));
});

test("every version of package.json is one that this package is tested with", () => {
  const manifest = JSON.parse(textOf(filesOf(), "package.json")) as Record<string, Record<string, string>>;
  const versions = Object.values({ ...manifest["dependencies"], ...manifest["devDependencies"] });
  expect(versions.length).toBeGreaterThan(9);
  for (const version of versions) expect(version).toMatch(/^(npm:\w+@)?\d+\.\d+\.\d+$/);
});

test("workflows that call others call those beside them, and each is complete YAML", () => {
  const files = filesOf();
  const workflows = [...files].filter(([path]) => path.startsWith(".github/workflows/"));
  expect(workflows).toHaveLength(7);
  for (const [, text] of workflows) {
    const { jobs } = parse(text) as { jobs: Record<string, { uses?: string }> };
    for (const { uses } of Object.values(jobs))
      if (uses !== undefined) expect([...files.keys()]).toContain(uses.replace("./", ""));
  }
  const names = new Map(workflows.map(([path, text]) => [path, (parse(text) as { name: string }).name]));
  const { on } = parse(textOf(files, ".github/workflows/on-fork.yml")) as {
    on: { workflow_run: { workflows: string[] } };
  };
  expect(on.workflow_run.workflows).toEqual([names.get(".github/workflows/on-pull-request.yml")]);
  expect(textOf(files, ".github/workflows/on-merge.yml")).toContain(
    "preview-workflow: .github/workflows/on-pull-request.yml",
  );
});

test("owners are named where risks are accepted and deployments are decided", () => {
  expect(textOf(filesOf("--owner", "@acme/p", "--owner", "@ann"), ".github/CODEOWNERS")).toMatch(
    /^\/preview-allow\.yaml @acme\/p @ann$/m,
  );
  expect(textOf(filesOf(), ".github/CODEOWNERS")).not.toMatch(/^[^#\n]/m);
});

test("projects share the accounts of the last one's, and trust a repository only by its number", () => {
  const bootstrap = textOf(
    filesOf("--environment", "prod=acme-prod", "--github", "a/b", "--github-id", "7"),
    "bootstrap/main.ts",
  );
  expect(bootstrap).toMatch(/const home = .*"bootstrap-acme-prod"/);
  expect(bootstrap).toContain('home: "acme-prod"');
  expect(bootstrap).toMatch(/^ {4}repositoryId: "7",$/m);
  expect(bootstrap).toContain('location: "us-east1"');
  expect(textOf(filesOf("--github", "a/b"), "bootstrap/main.ts")).toMatch(/^ {2}\/\/ github: \{$/m);
});

describe("writing", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "init-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("all files are there, and the folder's own stay", () => {
    writeFileSync(join(directory, "notes.txt"), "mine");
    writeRepository(directory, filesOf());
    expect(readFileSync(join(directory, "main.ts"), "utf8")).toContain("synthesize(environments)");
    expect(readFileSync(join(directory, "notes.txt"), "utf8")).toBe("mine");
  });

  test("a file in the way keeps everything from being written", () => {
    mkdirSync(join(directory, ".github"));
    writeFileSync(join(directory, ".github/CODEOWNERS"), "mine");
    writeFileSync(join(directory, "main.ts"), "mine");
    expect(() => writeRepository(directory, filesOf())).toThrow(
      /already has main\.ts, \.github\/CODEOWNERS|CODEOWNERS.*main\.ts/,
    );
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual([".github", ".github/CODEOWNERS", "main.ts"]);
    expect(readFileSync(join(directory, "main.ts"), "utf8")).toBe("mine");
  });
});
