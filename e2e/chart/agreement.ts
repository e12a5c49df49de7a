import assert from "node:assert/strict";
import type { HelmValue } from "../../lib/cilium";
import { AgentConfig } from "../../lib/cilium/rules/agent-config";
import type { ValueReader } from "../../lib/cilium/rules/rule";
import { agentFlags } from "../../lib/facts/cilium";

/** What the agents are told: the data of the ConfigMap `cilium-config`. */
export type Config = Readonly<Record<string, string>>;

/** The chart writes these in a form of its own. */
const WRITTEN_OTHERWISE: Readonly<Record<string, (value: HelmValue, reader: ValueReader) => string>> = {
  "enable-health-check-loadbalancer-ip": (value, reader) => String(value === true || reader.isOn("gke.enabled")),
  "enable-endpoint-routes": (value, reader) => String(value === true || reader.isOn("gke.enabled")),
  "prometheus-serve-addr": (value) => `:${value}`,
  "operator-prometheus-serve-addr": (value) => `:${value}`,
  "hubble-metrics-server": (value) => `:${value}`,
  "enable-policy": (value) => String(value).toLowerCase(),
};

/** Every flag that one value becomes by itself. @returns How many were compared. */
export function compareKeys(config: Config, reader: ValueReader): number {
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
export function compareComposed(config: Config, reader: ValueReader): void {
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
