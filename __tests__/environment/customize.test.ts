import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, HttpBackend, S3Backend, TerraformOutput, TerraformStack } from "cdktf";
import { Dataplane } from "../../lib/dataplane";
import { Environment, StateBackend, synthesize } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import { type SynthesizedStack, synthEnvironment, synthStacks } from "../../lib/testing";
import { testApp } from "../support/app";
import { dataplanes, definition } from "../support/definition";

const stackOf = (changes: Parameters<typeof definition>[0], layer: string): SynthesizedStack =>
  synthEnvironment(definition(changes))[`staging-${layer}`] as SynthesizedStack;

describe("synthesize hands out what it made", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "customize-"));
    process.env["CDKTF_OUTDIR"] = directory;
    jest.spyOn(process.stdout, "write").mockReturnValue(true);
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    delete process.env["CDKTF_OUTDIR"];
    rmSync(directory, { recursive: true, force: true });
  });
  const written = (stack: string) => readFileSync(join(directory, "stacks", stack, "cdk.tf.json"), "utf8");

  test("what is added before it is written is written, in their stacks and in one's own", () => {
    const made = synthesize([definition()], ({ app, environments }) => {
      const [environment] = environments;
      if (environment === undefined) throw new Error("there is none");
      new TerraformOutput(environment.cluster, "mine", { value: environment.cluster.cluster.name });
      environment.networking.dataplane.parts.cilium?.release.addOverride("timeout", 1234);
      const own = new TerraformStack(app, "own");
      own.addDependency(environment.monitoring);
    });
    expect(made?.environments.map(({ cluster }) => cluster.node.id)).toEqual(["staging-cluster"]);
    expect(written("staging-cluster")).toContain('"mine"');
    expect(written("staging-networking")).toContain('"timeout": 1234');
    expect(written("own")).toContain("own");
  });

  test("where something is wrong nothing is handed out", () => {
    const customize = jest.fn();
    expect(synthesize([definition({ project: "X" })], customize)).toBeUndefined();
    expect(customize).not.toHaveBeenCalled();
  });
});

describe("every stack exposes its parts", () => {
  test.each(Object.entries(dataplanes))("%s", (kind, dataplane) => {
    const { networking, cluster } = new Environment(testApp(), definition({ dataplane: dataplane() }));
    const { cilium, kubeProxyDisabler, networkLogging } = networking.dataplane.parts;
    expect([cilium, kubeProxyDisabler, networkLogging].map((part) => part !== undefined)).toEqual(
      {
        "cni-chaining": [true, false, false],
        "kube-proxy-free": [true, true, false],
        "dataplane-v2": [false, false, true],
      }[kind],
    );
    expect(cluster.nodePools.get("general")).toBeDefined();
  });

  test("monitoring in both kinds, and none", () => {
    const partsOf = (monitoring?: Monitoring) =>
      new Environment(testApp(), definition({ monitoring })).monitoring.parts;
    expect(partsOf()).toBeUndefined();
    expect(Object.keys(partsOf(Monitoring.prometheus()) ?? {})).toEqual(
      expect.arrayContaining(["namespace", "stack", "scrape", "alerts", "dashboards", "grafanaCommand"]),
    );
    const managed = partsOf(Monitoring.managedPrometheus());
    expect(managed?.alertPolicies.length).toBeGreaterThan(3);
    expect(managed?.cloudDashboard).toBeDefined();
    expect(managed?.grafanaCommand).toBeUndefined();
  });
});

describe("outputs are worth copying", () => {
  const value = (stack: SynthesizedStack, name: string) => stack.output[name]?.["value"];

  test("of the cluster, by the way that Terraform takes", () => {
    const command = (changes: Parameters<typeof definition>[0]) =>
      String(value(stackOf(changes, "cluster"), "connect"));
    expect(command({})).toBe(
      // biome-ignore format: one line as it is printed
      "gcloud container clusters get-credentials ${google_container_cluster.cluster.name} --location asia-northeast1 --project acme-staging --dns-endpoint",
    );
    expect(command({ connection: { endpoint: "private" } })).toMatch(/ --internal-ip$/);
    const publicly = {
      connection: { endpoint: "public" },
      cluster: { ipEndpoint: "public", authorizedNetworks: [{ cidr: "203.0.113.0/24", name: "office" }] },
    } as const;
    expect(command(publicly)).toMatch(/ --project acme-staging$/);
    expect(value(stackOf({}, "cluster"), "cluster_endpoint")).toContain("dns_endpoint_config");
    expect(value(stackOf(publicly, "cluster"), "cluster_endpoint")).toContain("public_endpoint");
  });

  test("of Hubble and Grafana, where there is one", () => {
    const hubble = (ui: boolean) =>
      stackOf({ dataplane: Dataplane.kubeProxyFree({ hubble: { relay: true, ui } }) }, "networking").output;
    expect(hubble(true)["hubble_ui"]?.["value"]).toBe(
      "kubectl --namespace kube-system port-forward service/hubble-ui 12000:80",
    );
    expect(hubble(false)).toEqual({});
    const grafana = (monitoring?: Monitoring) => stackOf({ monitoring }, "monitoring").output;
    expect(grafana(Monitoring.prometheus({ namespace: "watch" }))["grafana"]?.["value"]).toBe(
      "kubectl --namespace watch port-forward service/grafana 3000:3000",
    );
    expect(grafana(Monitoring.prometheus({ grafana: false }))).toEqual({});
    expect(grafana()).toEqual({});
  });
});

describe("any backend of Terraform", () => {
  test("one a stack, each with a state of its own", () => {
    const backend = StateBackend.custom(
      (stack, environment) => new S3Backend(stack, { bucket: environment, key: stack.node.id, region: "eu-west-1" }),
    );
    const stacks = synthEnvironment(definition({ backend }));
    expect(Object.entries(stacks).map(([id, { terraform }]) => [id, terraform["backend"]])).toEqual(
      Object.keys(stacks).map((id) => [id, { s3: { bucket: "staging", key: id, region: "eu-west-1" } }]),
    );
  });

  test("a class of one's own", () => {
    class Http extends StateBackend {
      public problems() {
        return [];
      }
      public configure(stack: TerraformStack): void {
        new HttpBackend(stack, { address: `https://states.example.com/${stack.node.id}` });
      }
    }
    expect(stackOf({ backend: new Http() }, "cluster").terraform["backend"]).toEqual({
      http: { address: "https://states.example.com/staging-cluster" },
    });
  });

  test("none, or one elsewhere, is refused with a sentence", () => {
    const elsewhere = new TerraformStack(testApp(), "elsewhere");
    const backend = StateBackend.custom(() => new HttpBackend(elsewhere, { address: "https://states.example.com" }));
    expect(() => new Environment(testApp(), definition({ backend }))).toThrow(
      "'backend' makes 0 backends in staging-cluster",
    );
  });
});

test("several environments, apps and monitoring installs live side by side", () => {
  const second = definition({
    name: "second",
    network: { nodes: "10.32.0.0/20", pods: "10.36.0.0/14", services: "10.40.0.0/20" },
    monitoring: Monitoring.prometheus(),
  });
  const build = (app: App) => {
    new Environment(app, definition({ monitoring: Monitoring.managedPrometheus() }));
    new Environment(app, second);
  };
  expect(Object.keys(synthStacks(build))).toHaveLength(6);
  expect(synthStacks(build)).toEqual(synthStacks(build));
});
