import type { ValueReader, ValueRule } from "./rule";

/** What the chart refuses to render where somebody else signs Hubble's certificates, and they are not brought. */
export const PROVIDED_CERTIFICATE_RULES: readonly ValueRule[] = [
  ...providedCertificate("hubble.tls.server", (at) => at.isOn("hubble.tls.enabled")),
  ...providedCertificate(
    "hubble.relay.tls.client",
    (at) => at.isOn("hubble.tls.enabled") && at.isOn("hubble.relay.enabled"),
  ),
  ...providedCertificate(
    "hubble.relay.tls.server",
    (at) =>
      at.isOn("hubble.tls.enabled") && at.isOn("hubble.relay.enabled") && at.isOn("hubble.relay.tls.server.enabled"),
  ),
  ...providedCertificate("hubble.ui.tls.client", (at) =>
    ["hubble.tls.enabled", "hubble.ui.enabled", "hubble.relay.enabled", "hubble.relay.tls.server.enabled"].every(
      (key) => at.isOn(key),
    ),
  ),
  ...providedCertificate("hubble.metrics.tls.server", (at) => at.isOn("hubble.metrics.tls.enabled")),
];

/** templates/hubble/tls-provided: who signs nothing automatically brings certificates, or a Secret with them. */
function providedCertificate(path: string, needed: (at: ValueReader) => boolean): ValueRule[] {
  return [
    {
      path: `${path}.cert`,
      source: "templates/hubble/tls-provided",
      broken: (at) =>
        at.isOn("hubble.enabled") &&
        !at.isOn("hubble.tls.auto.enabled") &&
        needed(at) &&
        !at.isSet(`${path}.existingSecret`) &&
        !(at.isSet(`${path}.cert`) && at.isSet(`${path}.key`)),
      rule: "and its key are needed where hubble.tls.auto.enabled is false",
      remedy: `give both, or ${path}.existingSecret, or leave hubble.tls.auto.enabled out`,
    },
  ];
}
