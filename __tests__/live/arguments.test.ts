import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectivityCommand, hubbleCommand, statusCommand } from "../../lib/live";
import { readArguments } from "../../lib/live/arguments";
import { Failure } from "../../lib/live/failure";
import { google, leftovers, run, synthesize } from "./cluster";

const COMMANDS = { status: statusCommand, connectivity: connectivityCommand, hubble: hubbleCommand } as const;

describe.each(Object.entries(COMMANDS))("%s, called wrong", (name, command) => {
  test.each<[what: string, args: readonly string[], said: string]>([
    ["without an environment", [], `no environment is named\n  gke-cilium ${name} <environment>; there is staging`],
    ["with an empty one", [""], "no environment is named"],
    ["with one that is not there", ["nowhere"], "no stack belongs to 'nowhere'\n  name one of staging"],
    ["with one that is misspelt", ["stagin"], "did you mean staging?"],
    ["with two", ["staging", "prod"], "prod is not understood"],
    ["with an option of nobody's", ["staging", "--colour"], "--colour is no option"],
    ["with an option that is misspelt", ["staging", "--contxt=x"], "--contxt is no option\n  did you mean --context?"],
    ["with an option without its value", ["staging", "--context"], "argument missing"],
    ["with a directory that is none", ["staging", "--output", "nowhere"], "synthesize first: npm run synth"],
  ])("%s", async (_, args, said) => {
    synthesize();
    const outcome = await run(command, args, {}, await google());
    expect([outcome.code, outcome.printed]).toEqual([1, ""]);
    expect(outcome.warned).toContain(`gke-cilium ${name}: `);
    expect(outcome.warned).toContain(said);
    expect(outcome.calls).toEqual([]);
    expect(leftovers()).toEqual([]);
  });
});

test.each([
  [statusCommand, 404, "reach", 5],
  [statusCommand, 403, "rights", 6],
  [connectivityCommand, 401, "login", 4],
] as const)("with --json, why there is nothing to tell is data, too (%#)", async (command, status, kind, code) => {
  synthesize();
  const outcome = await run(command, ["staging", "--json"], {}, await google(status));
  expect(outcome.code).toBe(code);
  expect(JSON.parse(outcome.printed)).toEqual({
    ok: false,
    error: { kind, message: expect.any(String), remedy: expect.any(String) },
  });
});

describe("which stacks are an environment's", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "arguments-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const stack = (name: string, text = cluster(name)) => {
    mkdirSync(join(directory, "cdktf.out/stacks", name), { recursive: true });
    writeFileSync(join(directory, "cdktf.out/stacks", name, "cdk.tf.json"), text);
  };
  const cluster = (name: string) =>
    JSON.stringify({
      resource: { google_container_cluster: { cluster: { name, project: "acme", location: "asia-northeast1" } } },
    });
  const asked = (environment: string) =>
    readArguments("status", [environment], {}).asked({ workingDirectory: directory });

  test("one whose name begins with another's is not taken for it", () => {
    for (const name of ["dev-eu-cluster", "dev-cluster"]) stack(name);
    expect(asked("dev").cluster).toBe("dev-cluster");
    expect(asked("dev-eu").cluster).toBe("dev-eu-cluster");
  });

  test("who names a stack means its environment", () => {
    for (const name of ["dev-cluster", "dev-networking"]) stack(name);
    expect(asked("dev-networking")).toMatchObject({ environment: "dev", cluster: "dev-cluster" });
  });

  test("a module's single stack goes by its own name", () => {
    stack("platform");
    expect(asked("platform").cluster).toBe("platform");
  });

  test("a file that is cut off is named", () => {
    stack("dev-cluster", "{");
    expect(() => asked("dev")).toThrow(Failure);
    expect(() => asked("dev")).toThrow(/dev-cluster.cdk\.tf\.json cannot be read/);
  });
});
