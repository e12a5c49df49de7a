import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dev, staging } from "../../__tests__/support/environments";
import type { CiliumVersion, HelmValue, HelmValues } from "../../lib/cilium";
import { AgentConfig } from "../../lib/cilium/rules/agent-config";
import { ValueReader } from "../../lib/cilium/rules/rule";
import { Dataplane } from "../../lib/dataplane";
import { agentFlags } from "../../lib/facts/cilium";
import { FEATURE_CASES } from "./cases/feature-cases";
import { ROUTING_CASES, SERVICE_CASES } from "./cases/rule-cases";
import { synthesizedRelease } from "./releases";
import { chartSubjects, refusal, render } from "./subjects";

type Config = Readonly<Record<string, string>>;

const HUBBLE = { hubble: { relay: true, ui: true, openMetrics: true } };

/** Every mode, and options of each that change what the agents are told. */
function modes(version: CiliumVersion): Readonly<Record<string, HelmValues>> {
  const chained = (options: Parameters<typeof Dataplane.cniChaining>[0]) =>
    synthesizedRelease({ ...dev, dataplane: Dataplane.cniChaining({ ...HUBBLE, version, ...options }) }).values;
  const alone = (options: Parameters<typeof Dataplane.kubeProxyFree>[0]) =>
    synthesizedRelease({ ...staging, dataplane: Dataplane.kubeProxyFree({ ...HUBBLE, version, ...options }) }).values;
  return {
    "chained, detected": chained({}),
    "chained, static": chained({ conflist: "static" }),
    "chained, policies enforced": chained({ enforceNetworkPolicies: true }),
    "kube-proxy-free": alone({}),
    "kube-proxy-free beside kube-proxy": alone({ kubeProxy: "coexist" }),
    "kube-proxy-free, masquerading in BPF": alone({ bpfMasquerade: true }),
    "kube-proxy-free with values": alone({
      bpfMasquerade: true,
      values: {
        egressGateway: { enabled: true },
        socketLB: { hostNamespaceOnly: true, tracing: false },
        bandwidthManager: { enabled: true },
        encryption: { enabled: true, type: "wireguard", nodeEncryption: true },
        policyEnforcementMode: "always",
        loadBalancer: { algorithm: "maglev" },
        maglev: { tableSize: 65521 },
        hubble: { eventQueueSize: 8192, eventBufferCapacity: "8191" },
      },
    }),
  };
}

/** The chart writes these in a form of its own. */
const WRITTEN_OTHERWISE: Readonly<Record<string, (value: HelmValue, reader: ValueReader) => string>> = {
  "enable-health-check-loadbalancer-ip": (value, reader) => String(value === true || reader.isOn("gke.enabled")),
  "enable-endpoint-routes": (value, reader) => String(value === true || reader.isOn("gke.enabled")),
  "prometheus-serve-addr": (value) => `:${value}`,
  "operator-prometheus-serve-addr": (value) => `:${value}`,
  "hubble-metrics-server": (value) => `:${value}`,
  "enable-policy": (value) => String(value).toLowerCase(),
};

for (const { version, chart } of chartSubjects()) {
  describe(`the agents of Cilium ${version} are configured as the merged values say`, () => {
    for (const [name, values] of Object.entries(modes(version)))
      it(name, () => {
        const { config } = render(chart, values);
        assert.ok(compareKeys(config, new ValueReader(values, version)) > 100, "hardly a key was compared");
        compareComposed(config, new ValueReader(values, version));
      });
  });

  if (version.supportedMinor === "1.20")
    describe(`rules see what the agents of Cilium ${version} are told`, () => {
      for (const [path, broken, fine] of [...ROUTING_CASES, ...SERVICE_CASES, ...FEATURE_CASES])
        it(`${path}: ${JSON.stringify(broken)}`, (test) => {
          const renderable = [broken, fine].filter((values) => refusal(chart, values) === undefined);
          if (renderable.length === 0) return test.skip("the chart renders neither");
          for (const values of renderable)
            compareComposed(render(chart, values).config, new ValueReader(values, version));
        });
    });
}

/** Every flag that one value becomes by itself. */
function compareKeys(config: Config, reader: ValueReader): number {
  const compared = agentFlags().filter(({ flag, path }) => path !== undefined && config[flag] !== undefined);
  for (const { flag, path = "" } of compared) {
    const value = reader.at(path);
    if (value === undefined) continue;
    const expected = WRITTEN_OTHERWISE[flag]?.(value, reader) ?? String(value);
    assert.equal(config[flag], expected, `${flag} (${path})`);
  }
  return compared.length;
}

/** What the chart composes, and rules work out the same way. */
function compareComposed(config: Config, reader: ValueReader): void {
  const view = new AgentConfig(reader);
  const on = (flag: string) => config[flag] === "true";
  const masquerades = (family: "ipv4" | "ipv6") => on(`enable-${family}`) && on(`enable-${family}-masquerade`);
  const expected = {
    chainingMode: config["cni-chaining-mode"] ?? "none",
    dsrDispatch: config["bpf-lb-dsr-dispatch"] ?? "opt",
    encryption: ["ipsec", "wireguard", "ztunnel"].find((type) => on(`enable-${type}`)) ?? "none",
    envoyConfig: on("enable-envoy-config"),
    // What the agents fall back to by themselves is no key.
    hostLegacyRouting:
      on("enable-host-legacy-routing") ||
      !on("kube-proxy-replacement") ||
      (!on("enable-bpf-masquerade") && (masquerades("ipv4") || masquerades("ipv6"))),
    identityMode: config["identity-allocation-mode"],
    ipam: config["ipam"],
    kubeProxyReplacement: on("kube-proxy-replacement"),
    l7Proxy: on("enable-l7-proxy"),
    loadBalancerMode: config["bpf-lb-mode"] ?? "snat",
    masqueradesIPv4: masquerades("ipv4"),
    masqueradesIPv6: masquerades("ipv6"),
    routingMode: config["routing-mode"],
    tunnelProtocol: config["tunnel-protocol"],
  } satisfies Partial<Record<keyof AgentConfig, unknown>>;
  const seen = Object.fromEntries(Object.keys(expected).map((key) => [key, view[key as keyof AgentConfig]]));
  assert.deepEqual(seen, expected);
}
