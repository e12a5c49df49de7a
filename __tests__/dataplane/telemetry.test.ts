import { Token } from "cdktf";
import type { HelmValues } from "../../lib/cilium";
import { Dataplane, type DataplaneTelemetry } from "../../lib/dataplane";
import { definition } from "../support/definition";

const telemetry = (values: HelmValues): DataplaneTelemetry =>
  Dataplane.kubeProxyFree({ values }).describe(definition()).telemetry;
const components = (values: HelmValues) => telemetry(values).endpoints.map(({ component }) => component);
const ALL = ["cilium-agent", "cilium-operator", "cilium-envoy", "hubble", "hubble-relay"];

/** The same wish by option and by value. */
const PAIRS: [string, Parameters<typeof Dataplane.kubeProxyFree>[0], HelmValues][] = [
  ["no Hubble", { hubble: { enabled: false } }, { hubble: { enabled: false } }],
  ["no relay", { hubble: { relay: false } }, { hubble: { relay: { enabled: false } } }],
  ["no agent metrics", { agentMetrics: false }, { prometheus: { enabled: false } }],
  ["no operator metrics", { operatorMetrics: false }, { operator: { prometheus: { enabled: false } } }],
  ["no Envoy metrics", { envoyMetrics: false }, { envoy: { prometheus: { enabled: false } } }],
  ["BPF masquerading", { bpfMasquerade: true }, { bpf: { masquerade: true, hostLegacyRouting: true } }],
  ["other metrics", { hubble: { metrics: [{ handler: "drop" }] } }, { hubble: { metrics: { enabled: ["drop"] } } }],
];

describe("what monitoring is told of", () => {
  test.each(PAIRS)("%s is the same as an option and as a value", (_, options, values) => {
    const byOption = Dataplane.kubeProxyFree(options).describe(definition());
    expect(byOption.problems).toEqual([]);
    expect(telemetry(values)).toEqual(byOption.telemetry);
    expect(telemetry(values)).not.toEqual(telemetry({}));
  });

  test.each<[string, HelmValues, string[]]>([
    ["everything by default", {}, ALL],
    ["no Envoy without layer 7", { l7Proxy: false }, ALL.filter((name) => name !== "cilium-envoy")],
    ["metrics taken out with null", { hubble: { metrics: null } }, ALL.filter((name) => name !== "hubble")],
    ["a relay without metrics", { hubble: { relay: { prometheus: { enabled: false } } } }, ALL.slice(0, 4)],
    ["what Terraform decides may be there", { prometheus: { enabled: Token.asAny({}) } }, ALL],
  ])("%s", (_, values, expected) => {
    expect(components(values)).toEqual(expected);
  });

  test("Envoy inside the agents is scraped there", () => {
    const envoy = telemetry({ envoy: { enabled: false } }).endpoints.find(
      ({ component }) => component === "cilium-envoy",
    );
    expect(envoy?.podLabels).toEqual({ "k8s-app": "cilium" });
    expect(components({ envoy: { enabled: false }, prometheus: { enabled: false } })).not.toContain("cilium-envoy");
  });

  test("ports follow the values", () => {
    const values = { prometheus: { port: 19962 }, hubble: { metrics: { port: 19965 } } };
    const ports = Object.fromEntries(telemetry(values).endpoints.map(({ component, port }) => [component, port]));
    expect(ports).toMatchObject({ "cilium-agent": 19962, hubble: 19965, "cilium-operator": 9963 });
  });

  test("features follow the values", () => {
    expect(telemetry({ l7Proxy: false }).features.layer7).toBe(false);
    expect(telemetry({ ciliumEndpointSlice: { enabled: true } }).features.endpointSlices).toBe(true);
    expect(telemetry({}).features.endpointSlices).toBe(false);
  });
});
