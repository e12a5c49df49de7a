import {
  ciliumReleaseProblems,
  effectiveRelease,
  HUBBLE_OPTIONS,
  type HubbleOptions,
  hubbleMetrics,
  hubbleProblems,
  hubbleValues,
  OPTION_OF_PATH,
  releaseLayers,
} from "../../../lib/cilium";
import { examine } from "../../../lib/validation";

/** What a dataplane is told: of each option, between them, and of the values they come to. */
const properties = (given: HubbleOptions) => {
  const { problems, options } = examine<HubbleOptions>(given, HUBBLE_OPTIONS);
  const release = effectiveRelease({
    ...releaseLayers({ baseValues: hubbleValues(options) }),
    optionOf: OPTION_OF_PATH,
  });
  const merged = ciliumReleaseProblems({}, release).map(({ property }) => property.replace(/^hubble\./, ""));
  return [...problems, ...hubbleProblems(options)].map(({ property }) => property).concat(merged);
};

describe("hubbleValues", () => {
  test("has flows of all nodes, metrics and renewed certificates by default, and no UI", () => {
    const { hubble } = hubbleValues();
    expect(hubble).toMatchObject({
      enabled: true,
      relay: { enabled: true, replicas: 1 },
      ui: { enabled: false },
      tls: { auto: { enabled: true, method: "cronJob", certValidityDuration: 365 } },
    });
    expect(hubble?.metrics?.enabled).toEqual(hubbleMetrics());
  });

  test("switches everything off at once", () => {
    expect(hubbleValues({ enabled: false })).toEqual({ hubble: { enabled: false } });
    expect(hubbleMetrics({ enabled: false })).toEqual([]);
  });

  test("leaves the metrics out where there are none", () => {
    expect(hubbleValues({ metrics: [] }).hubble).not.toHaveProperty("metrics");
  });

  test("carries the options", () => {
    const options: HubbleOptions = {
      ui: true,
      relayReplicas: 3,
      openMetrics: true,
      metrics: [{ handler: "flow" }],
      certificates: { method: "certmanager", issuer: { name: "ca" }, validityDays: 90 },
    };
    expect(hubbleValues(options).hubble).toMatchObject({
      ui: { enabled: true },
      relay: { replicas: 3 },
      metrics: { enabled: ["flow"], enableOpenMetrics: true },
      tls: {
        auto: {
          method: "certmanager",
          certValidityDuration: 90,
          certManagerIssuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "ca" },
        },
      },
    });
    expect(properties(options)).toEqual([]);
  });
});

describe("hubbleProblems", () => {
  test.each<[HubbleOptions, string[]]>([
    [{}, []],
    [{ enabled: false }, []],
    [{ relay: false }, []],
    [{ enabled: false, relay: true, ui: true, openMetrics: true }, ["relay", "ui", "openMetrics"]],
    [{ ui: true, relay: false }, ["ui"]],
    [{ relayReplicas: 0 }, ["relayReplicas"]],
    [{ relayReplicas: 1.5 }, ["relayReplicas"]],
    [{ certificates: { method: "certmanager" } }, ["certificates.issuer"]],
    [{ metrics: [{ handler: "flow" }, { handler: "flow" }] }, ["metrics[1]"]],
    [{ metrics: [{ handler: "dns", flags: ["exemplars"] }] }, ["metrics[0]"]],
  ])("%j gives %j", (options, expected) => {
    expect(properties(options)).toEqual(expected);
  });
});
