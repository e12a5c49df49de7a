import { isOn, setting } from "./release";
import { eachChange, type Rule } from "./rule";

/** Parts of Cilium that something is served by, and what is no longer done without them. */
const SERVES: Readonly<Record<string, string>> = {
  "hostFirewall.enabled": "policies for nodes (nodeSelector) decide nothing any more",
  "egressGateway.enabled": "egress gateway policies do nothing: pods leave with the address of their own node",
  "localRedirectPolicies.enabled": "local redirect policies do nothing: traffic goes where it went without them",
  localRedirectPolicy: "local redirect policies do nothing: traffic goes where it went without them",
  "bgpControlPlane.enabled": "routes to pods and Services are withdrawn from the routers",
  "l2announcements.enabled": "nobody answers on the local network for the addresses of Services",
  "ingressController.enabled": "what Cilium's Ingress served is reached by nobody",
  "gatewayAPI.enabled": "what Cilium's gateways served is reached by nobody",
  "clustermesh.useAPIServer": "the other clusters of the mesh no longer learn of pods and Services here",
  "externalIPs.enabled": "externalIPs of Services are not served",
  "hostPort.enabled": "hostPort of pods is not served",
  "nodePort.enabled": "NodePort and LoadBalancer Services are not served on the nodes",
  "sctp.enabled": "policies no longer know SCTP",
  "ipv4.enabled": "pods lose their IPv4 addresses",
  "ipv6.enabled": "pods lose their IPv6 addresses",
  "authentication.mutual.spire.enabled": "policies that require mutual authentication let nothing through",
};

export const FEATURE_RULES: readonly Rule[] = [
  {
    id: "CI21",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Cilium stops serving what traffic may rely on",
    consequence:
      "The agents stop doing it one by one as they restart. Objects that ask for it stay, and nobody acts on them.",
    remedy: "Look for objects that need it first, and move what relies on them to something else.",
    source: "https://docs.cilium.io/en/stable/helm-reference/",
    check: eachChange(["helm_release"], (change, scene) => {
      const release = scene.cilium(change);
      if (!release?.before || !release.after) return undefined;
      const { before, after } = release;
      // With the replacement on, Cilium serves Services whatever these say.
      const served = isOn(after, "kubeProxyReplacement") ? /^(?:externalIPs|hostPort|nodePort)\./ : undefined;
      const off = Object.entries(SERVES).filter(
        ([key]) => !served?.test(key) && isOn(before, key) && isOff(setting(after, key)),
      );
      return off.length > 0 ? off.map(([key, effect]) => `${key} goes off: ${effect}`).join("; ") : undefined;
    }),
  },
];

/** Known to be off. What cannot be read may still be on. */
export function isOff(value: unknown): boolean {
  return value === false || value === "false" || value === null;
}
