import childProcess from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { captureStackTrace } from "cdktf/lib/tokens/private/stack-trace";
import { Dataplane } from "../../lib/dataplane";
import { Environment, renderSummary, summarize, synthesize, withoutTokenTraces } from "../../lib/environment";
import { definition, oneOfEachDataplane } from "../support/definition";

let directory: string;
let output: string;
let errors: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "synthesize-"));
  process.env["CDKTF_OUTDIR"] = join(directory, "cdktf.out");
  output = errors = "";
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += String(text);
    return true;
  });
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    errors += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  delete process.env["CDKTF_OUTDIR"];
  rmSync(directory, { recursive: true, force: true });
});

test("what is right is written, and a table says so", () => {
  synthesize([definition()]);
  expect(process.exitCode).toBeUndefined();
  // GKE upgrades minors by itself, and the CNI is not its own.
  expect(output).toMatch(/^staging +staging-cluster +kube-proxy-free +\d+ +1$/m);
  expect(output).toContain("warning staging-cluster: staging: 'cluster.maintenanceExclusions' keep no minor");
  expect(output).toContain("3 stacks, ");
  const manifest = JSON.parse(readFileSync(join(directory, "cdktf.out", "manifest.json"), "utf8")) as {
    stacks: Record<string, { dependencies: string[]; annotations: unknown[] }>;
  };
  expect(manifest.stacks["staging-monitoring"]?.dependencies).toEqual(["staging-networking"]);
  expect(manifest.stacks["staging-networking"]?.dependencies).toEqual(["staging-cluster"]);
});

test("it needs no other program: no Terraform, no shell", () => {
  const spawned = jest.spyOn(childProcess, "execSync");
  const path = process.env["PATH"];
  process.env["PATH"] = "";
  try {
    synthesize(oneOfEachDataplane());
  } finally {
    process.env["PATH"] = path;
  }
  expect(errors).toBe("");
  expect(output).toContain("9 stacks, ");
  expect(spawned).not.toHaveBeenCalled();
});

test("nothing is written where anything is wrong, and all of it is told", () => {
  synthesize([definition(), definition({ name: "prod", project: "X", nodePools: [] })]);
  expect(process.exitCode).toBe(1);
  expect(errors).toContain("prod: 'project' (X)");
  expect(errors).toContain("prod: 'nodePools'");
  expect(errors).toContain("Nothing was written.");
  expect(existsSync(join(directory, "cdktf.out"))).toBe(false);
});

test("what a module user builds is checked the same way", () => {
  const app = new App({ stackTraces: false });
  expect(() => new Environment(app, definition({ project: "X" }))).toThrow("'project' (X) is not the id of a project");
  expect(app.node.children).toEqual([]);
});

test("warnings stand in full below the table", () => {
  const warned = definition({
    dataplane: Dataplane.cniChaining({ hubble: { metrics: [{ handler: "httpV2" }] } }),
  });
  const app = new App({ stackTraces: false });
  new Environment(app, warned);
  const table = renderSummary(summarize(app));
  expect(table).toMatch(/staging-networking +cni-chaining +\d+ +1$/m);
  expect(table).toContain("warning staging-networking: staging: 'dataplane.hubble.metrics' (httpV2) never has data");
});

test("colours are for terminals whose owner wants them", () => {
  const stacks = [{ environment: "a", stack: "a-cluster", dataplane: "dataplane-v2", resources: 1, warnings: ["x"] }];
  delete process.env["NO_COLOR"];
  expect(renderSummary(stacks, { isTTY: true })).toContain("\u001b[");
  expect(renderSummary(stacks, { isTTY: false })).not.toContain("\u001b[");
  process.env["NO_COLOR"] = "1";
  expect(renderSummary(stacks, { isTTY: true })).not.toContain("\u001b[");
  delete process.env["NO_COLOR"];
});

test("a local state lies beside the project, by a path that is the same on every machine", () => {
  const app = new App({ outdir: "cdktf.out-test", stackTraces: false });
  try {
    const { cluster } = new Environment(app, definition());
    expect(cluster.toTerraform()).toMatchObject({
      terraform: { backend: { local: { path: "../../../terraform.staging-cluster.tfstate" } } },
    });
  } finally {
    rmSync("cdktf.out-test", { recursive: true, force: true });
  }
});

describe("without token traces", () => {
  test("cdktf records none", () => {
    expect(withoutTokenTraces(() => captureStackTrace())).toEqual([]);
    expect(captureStackTrace()).not.toEqual([]);
  });

  test("errors keep theirs", () => {
    const thrown = withoutTokenTraces(() => new Error("mine"));
    expect(thrown.stack).toContain("synthesize.test");
    const captured = { stack: "" };
    withoutTokenTraces(() => Error.captureStackTrace(captured));
    expect(captured.stack).toContain("synthesize.test");
  });

  test("the switch is put back after an error", () => {
    const { captureStackTrace } = Error;
    expect(() =>
      withoutTokenTraces(() => {
        throw new Error("stop");
      }),
    ).toThrow("stop");
    expect(Error.captureStackTrace).toBe(captureStackTrace);
  });
});
