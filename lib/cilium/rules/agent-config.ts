import type { ValueReader } from "./rule";

/** The modes of encryption that the chart knows; with another `type` it writes none at all. */
export const ENCRYPTION_TYPES = ["ipsec", "wireguard", "ztunnel"] as const;

/**
 * What the agent is configured with, as `templates/cilium-configmap.yaml` of the chart and `pkg/option` of the agent make
 * it out of values.
 */
export class AgentConfig {
  public constructor(private readonly values: ValueReader) {}

  public get kubeProxyReplacement(): boolean {
    return this.values.isOn("kubeProxyReplacement");
  }

  /** cilium-configmap.yaml:82: a target alone implies the mode. */
  public get chainingMode(): string {
    const mode = this.values.text("cni.chainingMode");
    if (mode !== "") return mode;
    return this.values.isSet("cni.chainingTarget") ? "generic-veth" : "none";
  }

  public get isChained(): boolean {
    return this.chainingMode !== "none";
  }

  /** cilium-configmap.yaml:64. */
  public get ipam(): string {
    return this.values.isOn("eni.enabled") ? "eni" : this.values.text("ipam.mode") || "cluster-pool";
  }

  /** cilium-configmap.yaml:556. */
  public get routingMode(): string {
    const byCloud = this.values.isOn("gke.enabled") || this.values.isOn("eni.enabled") ? "native" : "tunnel";
    return this.values.text("routingMode") || byCloud;
  }

  /** pkg/option/config.go:2000: everything that is not native. */
  public get tunnels(): boolean {
    return this.routingMode !== "native";
  }

  public get ipv4(): boolean {
    return this.values.isOn("ipv4.enabled");
  }

  public get ipv6(): boolean {
    return this.values.isOn("ipv6.enabled");
  }

  /** cilium-configmap.yaml:719 and pkg/option/config.go:2532: only with IPv4 itself. */
  public get masqueradesIPv4(): boolean {
    const written = this.values.text("enableIPv4Masquerade");
    return this.ipv4 && (written === "" ? !this.values.isOn("eni.enabled") : written === "true");
  }

  public get masqueradesIPv6(): boolean {
    return this.ipv6 && this.values.isOn("enableIPv6Masquerade");
  }

  public get masquerades(): boolean {
    return this.masqueradesIPv4 || this.masqueradesIPv6;
  }

  public get bpfMasquerade(): boolean {
    return this.values.isOn("bpf.masquerade");
  }

  /** cilium-configmap.yaml:417: what the agent is told, before it falls back by itself. */
  public get isToldHostLegacyRouting(): boolean {
    const written = this.values.text("bpf.hostLegacyRouting");
    return written === "true" || (written === "" && this.isChained);
  }

  /** pkg/kpr/initializer/kube_proxy_replacement.go:46: what the agent falls back to by itself counts. */
  public get hostLegacyRouting(): boolean {
    if (this.isToldHostLegacyRouting) return true;
    return (!this.bpfMasquerade && this.masquerades) || !this.kubeProxyReplacement;
  }

  /** `ipsec`, `wireguard`, `ztunnel`, or `none`. */
  public get encryption(): string {
    const type = this.values.text("encryption.type");
    return this.values.isOn("encryption.enabled") && ENCRYPTION_TYPES.some((known) => known === type) ? type : "none";
  }

  public get l7Proxy(): boolean {
    return this.values.isOn("l7Proxy");
  }

  /** cilium-configmap.yaml:265. */
  public get envoyConfig(): boolean {
    return (
      ["envoyConfig.enabled", "ingressController.enabled", "gatewayAPI.enabled"].some((key) => this.values.isOn(key)) ||
      this.values.text("loadBalancer.l7.backend") === "envoy"
    );
  }

  public get loadBalancerMode(): string {
    return this.values.text("loadBalancer.mode") || "snat";
  }

  public get dsrDispatch(): string {
    return this.values.text("loadBalancer.dsrDispatch") || "opt";
  }

  /** pkg/loadbalancer/config.go: dsr and hybrid, or any where Services choose. */
  public get usesDsr(): boolean {
    return ["dsr", "hybrid"].includes(this.loadBalancerMode) || this.values.isOn("bpf.lbModeAnnotation");
  }

  public get tunnelProtocol(): string {
    return this.values.text("tunnelProtocol") || "vxlan";
  }

  /** `ipv4`, `ipv6` or `auto`: cilium-configmap.yaml:580. */
  public get underlay(): string {
    return this.values.text("underlayProtocol") || "ipv4";
  }

  /** The kvstore makes the agents' identities possible without CRDs. */
  public get identityMode(): string {
    return this.values.text("identityAllocationMode") || "crd";
  }
}
