import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, ref, Token } from "cdktf";
import { CiliumVersion } from "../../lib/cilium";
import {
  CHAINED_STARTUP_TAINT_KEY,
  type CniChainingOptions,
  Dataplane,
  DEFAULT_STARTUP_TAINT_KEY,
  type KubeProxyFreeOptions,
} from "../../lib/dataplane";
import {
  describeEnvironment,
  type EnvironmentDefinition,
  NetworkingStack,
  type SoundEnvironment,
  withoutTokenTraces,
} from "../../lib/environment";
import { normalizeStack, type SynthesizedStack, type SynthesizedStacks, synthEnvironment } from "../../lib/testing";
import { dataplanes, definition } from "../support/definition";

type Block = Record<string, unknown>;

/** All resources of a type in a stack, by logical id. */
function resources(stack: SynthesizedStack | undefined, type: string): Record<string, Block> {
  return (stack?.resource[type] ?? {}) as Record<string, Block>;
}

const outdir = mkdtempSync(join(tmpdir(), "dataplane-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function sound(changes: Partial<EnvironmentDefinition>): SoundEnvironment {
  const environment = describeEnvironment(definition(changes));
  expect(environment.problems).toEqual([]);
  return environment as SoundEnvironment;
}

/** The networking stack alone: what most of this is about, at a tenth of the time of a whole environment. */
function networking(changes: Partial<EnvironmentDefinition>): SynthesizedStack {
  return withoutTokenTraces(() =>
    normalizeStack(new NetworkingStack(new App({ outdir, stackTraces: false }), sound(changes)).toTerraform()),
  );
}

/** The first value layer of the Cilium release: what is known at synth. */
function values(changes: Partial<EnvironmentDefinition>): Record<string, unknown> {
  const layers = resources(networking(changes), "helm_release")["cilium"]?.["values"];
  return (layers as Record<string, unknown>[] | undefined)?.[0] ?? {};
}

describe.each(Object.entries(dataplanes))("%s", (kind, dataplane) => {
  let stacks: SynthesizedStacks;
  let cluster: Block;
  let pool: Block;
  beforeAll(() => {
    stacks = synthEnvironment(definition({ dataplane: dataplane() }));
    cluster = Object.values(resources(stacks["staging-cluster"], "google_container_cluster"))[0] as Block;
    pool = Object.values(resources(stacks["staging-cluster"], "google_container_node_pool"))[0] as Block;
  });

  const isV2 = kind === "dataplane-v2";

  test("knows its name", () => expect(dataplane().kind).toBe(kind));

  test("the cluster gets the datapath and never two policy engines", () => {
    expect(cluster["datapath_provider"]).toBe(isV2 ? "ADVANCED_DATAPATH" : "LEGACY_DATAPATH");
    const calico = kind === "cni-chaining";
    expect(JSON.stringify(cluster["network_policy"] ?? null)).toBe(
      calico
        ? '{"enabled":true,"provider":"CALICO"}'
        : cluster["network_policy"] === undefined
          ? "null"
          : '{"enabled":false}',
    );
    // Never switched off with the enforcement, which must leave the nodes first.
    const addon = { "cni-chaining": { disabled: false }, "dataplane-v2": { disabled: true } }[kind as string];
    expect((cluster["addons_config"] as Block)["network_policy_config"]).toEqual(addon);
  });

  test("node pools carry the taint that this release lifts, or none", () => {
    const taints = JSON.stringify((pool["node_config"] as Block)["taint"] ?? []);
    if (isV2) return expect(taints).not.toContain("cilium");
    const key = kind === "cni-chaining" ? CHAINED_STARTUP_TAINT_KEY : DEFAULT_STARTUP_TAINT_KEY;
    expect(taints).toContain(`"effect":"NO_EXECUTE","key":"${key}","value":"true"`);
    expect(values({ dataplane: dataplane() })["agentNotReadyTaintKey"]).toBe(key);
  });

  test("a Cilium release exists exactly where Cilium is ours", () => {
    expect(Object.keys(resources(stacks["staging-networking"], "helm_release"))).toEqual([
      isV2 ? "network-logging" : "cilium",
    ]);
  });

  test("kube-proxy is only removed where Cilium does its work", () => {
    expect(Object.keys(resources(stacks["staging-networking"], "kubernetes_daemon_set_v1"))).toEqual(
      kind === "kube-proxy-free" ? ["kube-proxy-disabler"] : [],
    );
  });

  test("every endpoint that monitoring is told of is one of this kind", () => {
    const components = dataplane()
      .describe(definition())
      .telemetry.endpoints.map((endpoint) => endpoint.component);
    expect(components).toEqual(
      isV2 ? ["dataplane-v2"] : ["cilium-agent", "cilium-operator", "cilium-envoy", "hubble", "hubble-relay"],
    );
  });
});

describe("CNI chaining", () => {
  test("detects the node's configuration by default and never takes it over", () => {
    expect(values({ dataplane: Dataplane.cniChaining() })).toMatchObject({
      cni: { chainingMode: "generic-veth", chainingTarget: "*", customConf: false, exclusive: false },
      enableIPv4Masquerade: false,
      kubeProxyReplacement: false,
    });
  });

  test("leaves the policies of Kubernetes to Calico, unless asked", () => {
    const policies = (options: CniChainingOptions) => {
      const dataplane = Dataplane.cniChaining(options);
      const { enforcement } = dataplane.describe(definition());
      return [values({ dataplane })["k8sNetworkPolicy"], enforcement.by.NetworkPolicy];
    };
    expect(policies({})).toEqual([{ enabled: false }, ["Calico"]]);
    expect(policies({ enforceNetworkPolicies: true })).toEqual([{ enabled: true }, ["Calico", "Cilium"]]);
    expect(policies({ values: { k8sNetworkPolicy: { enabled: true } } })).toEqual([
      { enabled: true },
      ["Calico", "Cilium"],
    ]);
  });

  test("static: the ConfigMap comes first, and a changed one restarts the agents", () => {
    const stack = networking({ dataplane: Dataplane.cniChaining({ conflist: "static" }) });
    expect(resources(stack, "kubernetes_config_map_v1")["cni-configuration"]).toMatchObject({
      metadata: { name: "cni-configuration", namespace: "kube-system" },
    });
    expect(resources(stack, "helm_release")["cilium"]?.["depends_on"]).toEqual([
      "kubernetes_config_map_v1.cni-configuration",
    ]);
    const digest = (mtu: number) =>
      JSON.stringify(values({ dataplane: Dataplane.cniChaining({ conflist: "static", mtu }) })["podAnnotations"]);
    expect(digest(1460)).not.toBe(digest(1500));
    expect(values({ dataplane: Dataplane.cniChaining() })).not.toHaveProperty("podAnnotations");
  });

  test("HTTP metrics are warned of: they never have data", () => {
    const dataplane = Dataplane.cniChaining({ hubble: { metrics: [{ handler: "httpV2" }] } });
    expect(dataplane.describe(definition()).warnings.map(({ property }) => property)).toEqual([
      "dataplane.hubble.metrics",
    ]);
    expect(Dataplane.cniChaining().describe(definition()).warnings).toEqual([]);
  });
});

describe("kube-proxy-free", () => {
  test("routes the pods range natively, from its one place in the definition", () => {
    const network = { ...definition().network, pods: "10.28.0.0/14" };
    expect(values({ network })).toMatchObject({
      ipv4NativeRoutingCIDR: "10.28.0.0/14",
      routingMode: "native",
      kubeProxyReplacement: true,
      gke: { enabled: true, disableDefaultSnat: true },
    });
  });

  test("agents reach the API server by the cluster's IP endpoint, or by the host that is named", () => {
    const layers = (dataplane: Dataplane) =>
      JSON.stringify(resources(networking({ dataplane }), "helm_release")["cilium"]?.["values"]);
    expect(layers(Dataplane.kubeProxyFree())).toContain("private_endpoint");
    expect(layers(Dataplane.kubeProxyFree())).not.toContain("dns_endpoint");
    const named = layers(Dataplane.kubeProxyFree({ k8sServiceHost: "10.0.0.2" }));
    expect(named).toContain('"k8sServiceHost":"10.0.0.2"');
    expect(named).not.toContain("private_endpoint");
  });

  test("a named host stands in for the IP endpoint", () => {
    const dataplane = Dataplane.kubeProxyFree({ k8sServiceHost: "api.example.com" });
    expect(dataplane.describe(definition({ cluster: { ipEndpoint: "off" } })).problems).toEqual([]);
  });

  test("remove: kube-proxy goes first, then the agent that takes over its health port", () => {
    const stack = networking({});
    expect(resources(stack, "helm_release")["cilium"]?.["depends_on"]).toEqual([
      "kubernetes_daemon_set_v1.kube-proxy-disabler",
    ]);
    expect(values({})).toMatchObject({ kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256" });
    expect(JSON.stringify(values({})["extraInitContainers"])).toContain("wait-for-kube-proxy-gone");
  });

  test("coexist: nothing is removed and the port stays kube-proxy's", () => {
    const dataplane = Dataplane.kubeProxyFree({ kubeProxy: "coexist" });
    const stack = networking({ dataplane });
    expect(resources(stack, "kubernetes_daemon_set_v1")).toEqual({});
    expect(values({ dataplane })).not.toHaveProperty("kubeProxyReplacementHealthzBindAddr");
    expect(values({ dataplane })).not.toHaveProperty("extraInitContainers");
  });

  test("restore: kube-proxy comes back first, then the agent lets go of the port as it restarts", () => {
    const dataplane = Dataplane.kubeProxyFree({ kubeProxy: "restore" });
    const stack = networking({ dataplane });
    const disabler = resources(stack, "kubernetes_daemon_set_v1")["kube-proxy-disabler"];
    expect(JSON.stringify(disabler)).toContain('"restore"');
    expect(disabler?.["wait_for_rollout"]).toBe(true);
    expect(disabler?.["depends_on"] ?? []).toEqual([]);
    expect(resources(stack, "helm_release")["cilium"]?.["depends_on"]).toEqual([
      "kubernetes_daemon_set_v1.kube-proxy-disabler",
    ]);
    expect(values({ dataplane })).not.toHaveProperty("kubeProxyReplacementHealthzBindAddr");
    expect(values({ dataplane })).not.toHaveProperty("extraInitContainers");
  });

  test("the remover comes from the same mirror as Cilium", () => {
    const dataplane = Dataplane.kubeProxyFree({ imageRegistry: "mirror.example.com/cilium" });
    const text = JSON.stringify(networking({ dataplane }));
    expect(text).toContain("mirror.example.com/cilium/cilium");
    expect(text).not.toContain("quay.io");
  });

  test.each<[string, KubeProxyFreeOptions, string]>([
    [
      "of the version that is installed",
      { version: CiliumVersion.of("1.19.6") },
      "quay.io/cilium/cilium:v1.19.6@sha256:",
    ],
    ["by tag where no digest is known", { version: CiliumVersion.of("1.20.99") }, 'quay.io/cilium/cilium:v1.20.99"'],
    ["that values name", { values: { image: { override: "acme.example/agent:1.2" } } }, 'acme.example/agent:1.2"'],
    ["that the remover is given", { kubeProxyDisabler: { image: "acme.example/tools:3" } }, 'acme.example/tools:3"'],
  ])("the remover and the agent's gate run the image %s", (_, options, image) => {
    for (const kubeProxy of ["remove", "restore"] as const) {
      const stack = networking({ dataplane: Dataplane.kubeProxyFree({ ...options, kubeProxy }) });
      const remover = JSON.stringify(resources(stack, "kubernetes_daemon_set_v1")["kube-proxy-disabler"]);
      expect(remover).toContain(`"image":"${image}`);
    }
    const gate = values({ dataplane: Dataplane.kubeProxyFree(options) })["extraInitContainers"];
    expect(JSON.stringify(gate)).toContain(`"image":"${image}`);
  });

  test("an image that only Terraform knows is refused: it stands in a list of the agent's values", () => {
    const values = { image: { tag: Token.asString(ref("local.tag")) } };
    expect(Dataplane.kubeProxyFree({ values }).describe(definition()).problems).toMatchObject([
      { property: "dataplane.values.image", rule: expect.stringContaining("not known at synth") },
    ]);
    const kubeProxyDisabler = { image: "acme.example/tools:3" };
    expect(Dataplane.kubeProxyFree({ values, kubeProxyDisabler }).describe(definition()).problems).toEqual([]);
  });

  test.each([
    ["off", { enabled: false }],
    ["host-prep", { enabled: true, reconfigureKubelet: false }],
    ["reconfigure-kubelet", { enabled: true, reconfigureKubelet: true }],
  ] as const)("node initialisation %s", (nodeInit, expected) => {
    expect(values({ dataplane: Dataplane.kubeProxyFree({ nodeInit }) })["nodeinit"]).toMatchObject(expected);
  });

  test("node initialisation guards a reboot where the chart's wrapper works, without being asked", () => {
    const nodeinit = (version: CiliumVersion) =>
      values({ dataplane: Dataplane.kubeProxyFree({ version }) })["nodeinit"];
    expect(nodeinit(CiliumVersion.of("1.20.2"))).toMatchObject({ enabled: true, reconfigureKubelet: true });
    expect(nodeinit(CiliumVersion.of("1.20.1"))).toMatchObject({ enabled: true, reconfigureKubelet: false });
  });

  test("a chart whose kubelet wrapper is broken is refused", () => {
    const dataplane = Dataplane.kubeProxyFree({ nodeInit: "reconfigure-kubelet", version: CiliumVersion.of("1.20.0") });
    expect(dataplane.describe(definition()).problems.map(({ property }) => property)).toEqual(["dataplane.nodeInit"]);
  });

  test("the caller's values win", () => {
    const dataplane = Dataplane.kubeProxyFree({ values: { operator: { replicas: 1 } } });
    expect(values({ dataplane })).toMatchObject({ operator: { replicas: 1, rollOutPods: true } });
  });

  test("auto-provisioned nodes are warned of: they carry no startup taint", () => {
    const cluster = { autoProvisioning: { maxCpu: 100, maxMemoryGb: 400 } };
    expect(Dataplane.kubeProxyFree().describe(definition({ cluster })).warnings).toHaveLength(1);
    expect(Dataplane.kubeProxyFree().describe(definition()).warnings).toEqual([]);
  });
});

describe("Dataplane V2", () => {
  test("logs nothing unless asked, and takes GKE's own object over", () => {
    const release = (dataplane: Dataplane) => resources(networking({ dataplane }), "helm_release")["network-logging"];
    expect(JSON.stringify(release(Dataplane.v2())?.["values"])).toContain('"deny":{"delegate":false,"log":false}');
    expect(release(Dataplane.v2())?.["take_ownership"]).toBe(true);
    const logging = Dataplane.v2({ policyLogging: { deny: { log: true } } });
    expect(JSON.stringify(release(logging)?.["values"])).toContain('"deny":{"delegate":false,"log":true}');
  });

  test("delegating a log that is off is refused", () => {
    const dataplane = Dataplane.v2({ policyLogging: { allow: { delegate: true } } });
    expect(dataplane.describe(definition()).problems).toMatchObject([
      { property: "dataplane.policyLogging.allow.delegate" },
    ]);
  });

  test("Autopilot is to be had here, without encryption between nodes", () => {
    const autopilot = { cluster: { autopilot: true }, nodePools: [] };
    expect(() => synthEnvironment(definition({ ...autopilot, dataplane: Dataplane.v2() }))).not.toThrow();
    expect(() =>
      synthEnvironment(definition({ ...autopilot, dataplane: Dataplane.v2({ inTransitEncryption: true }) })),
    ).toThrow("'dataplane.inTransitEncryption' (true) is not to be had with Autopilot");
  });

  test("without flow metrics there is nothing to scrape", () => {
    expect(Dataplane.v2({ flowMetrics: false }).describe(definition()).telemetry.endpoints).toEqual([]);
  });
});
