import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentsOf, selectStacks } from "../../../sandbox/cli/selection";
import { readChartArchive } from "../../../sandbox/proxy/archive";
import { supplyCharts } from "../../../sandbox/runtime/charts";
import { SandboxFiles } from "../../../sandbox/runtime/files";
import { providersOf, readStacks, stackFacts } from "../../../sandbox/runtime/stacks";
import { silentReporter } from "../../../sandbox/terminal";
import { writeChart } from "../proxy/fixtures";

const facts = (name: string, more: object = {}) => ({ ...stackFacts(name, {}), ...more });

describe("stackFacts", () => {
  test("tells projects, providers, the bucket of the state, charts and clusters", () => {
    const stack = stackFacts("prod-networking", {
      terraform: {
        required_providers: {
          google: { source: "google", version: "6.50.0" },
          helm: { source: "helm", version: "3.1.1" },
        },
        backend: { gcs: { bucket: "acme-state" } },
      },
      provider: { google: [{ project: "acme-prod" }] },
      resource: {
        helm_release: {
          cilium: { name: "cilium", repository: "https://helm.cilium.io/", chart: "cilium", version: "1.20.2" },
          local: { name: "policies", chart: "./assets/chart" },
        },
        google_container_cluster: { cluster: { name: "prod", location: "europe-west1" } },
      },
    });
    expect(stack).toEqual({
      name: "prod-networking",
      dependencies: [],
      providers: { google: "6.50.0", helm: "3.1.1" },
      projects: ["acme-prod"],
      stateBucket: "acme-state",
      charts: [{ repository: "https://helm.cilium.io/", name: "cilium", version: "1.20.2" }],
      clusters: [{ project: "acme-prod", location: "europe-west1", name: "prod" }],
      isProtected: false,
    });
  });

  test("are read from what cdktf synthesized", () => {
    const output = mkdtempSync(join(tmpdir(), "output-"));
    expect(readStacks(output)).toEqual([]);
    for (const name of ["dev-cluster", "gone-since"]) {
      mkdirSync(join(output, "stacks", name), { recursive: true });
      writeFileSync(join(output, "stacks", name, "cdk.tf.json"), "{}");
    }
    const dev = { synthesizedStackPath: "stacks/dev-cluster/cdk.tf.json", dependencies: ["dev-project"] };
    writeFileSync(join(output, "manifest.json"), JSON.stringify({ stacks: { "dev-cluster": dev } }));
    expect(readStacks(output)).toEqual([facts("dev-cluster", { dependencies: ["dev-project"] })]);
    rmSync(output, { recursive: true });
  });

  test("tells that something must not be destroyed", () => {
    const guard = (lifecycle: object) => stackFacts("a", { resource: { terraform_data: { guard: { lifecycle } } } });
    expect(guard({ prevent_destroy: true }).isProtected).toBe(true);
    expect(guard({ create_before_destroy: true }).isProtected).toBe(false);
  });

  test("two versions of one provider cannot be had at once", () => {
    const stacks = [facts("a", { providers: { google: "6.50.0" } }), facts("b", { providers: { google: "6.49.0" } })];
    expect(() => providersOf(stacks)).toThrow("b pins google 6.49.0, another stack 6.50.0");
  });
});

describe("selectStacks", () => {
  const stacks = ["dev-cluster", "dev-networking", "us-prod-cluster"].map((name) => facts(name));
  const names = (...args: string[]) => selectStacks(stacks, args).map(({ name }) => name);

  test("takes environments, stacks and patterns, and everything where nothing is named", () => {
    expect(environmentsOf(stacks)).toEqual(["dev", "us-prod"]);
    expect(names("dev")).toEqual(["dev-cluster", "dev-networking"]);
    expect(names("us-prod")).toEqual(["us-prod-cluster"]);
    expect(names("dev-networking", "us-prod-cluster")).toEqual(["dev-networking", "us-prod-cluster"]);
    expect(names("*-cluster")).toEqual(["dev-cluster", "us-prod-cluster"]);
    expect(names()).toHaveLength(3);
  });

  test("names what there is for what there is not", () => {
    expect(() => names("staging")).toThrow(
      "there is no environment or stack 'staging'; there are the environments dev, us-prod",
    );
  });
});

describe("supplyCharts", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "supply-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const supply = (...charts: { repository: string; name: string; version?: string }[]) =>
    supplyCharts(
      [facts("dev-networking", { charts })],
      [readChartArchive(writeChart(directory, "cilium", "1.20.2"))],
      new SandboxFiles(join(directory, "sandbox")),
      { reporter: silentReporter() },
    );

  test("needs nothing for a chart that is there", async () => {
    const chart = { repository: "https://helm.cilium.io", name: "cilium", version: "1.20.2" };
    await expect(supply(chart)).resolves.toEqual({ standIns: [] });
  });

  test("names every chart that cannot be had, before anything is deployed", async () => {
    const promise = supply(
      { repository: "https://helm.cilium.io/", name: "cilium", version: "1.19.6" },
      { repository: "https://charts.example.com/", name: "other", version: "1.0.0" },
    );
    await expect(promise).rejects.toThrow(
      /asks for chart cilium 1\.19\.6, and the sandbox has 1\.20\.2; put its archive/,
    );
    await expect(promise).rejects.toThrow(
      /takes chart other from https:\/\/charts\.example\.com\/, which the sandbox does not/,
    );
  });
});
