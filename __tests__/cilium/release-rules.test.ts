import {
  CiliumVersion,
  chainingValues,
  ciliumReleaseProblems,
  ciliumValueProblems,
  effectiveRelease,
  gkeDefaultValues,
  hubbleValues,
  imageRegistryValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  nodeInitValues,
  OPTION_OF_PATH,
  operatorValues,
  prometheusValues,
  type ReleaseLayers,
  resourceValues,
  rollOutValues,
  startupTaintValues,
  unmanagedPodsValues,
} from "../../lib/cilium";

describe("ciliumReleaseProblems", () => {
  const properties = (layers: ReleaseLayers) =>
    ciliumReleaseProblems({}, effectiveRelease({ defaults: gkeDefaultValues(), ...layers })).map(
      ({ property }) => property,
    );

  test("tells each mistake once, under the name that its author wrote", () => {
    const baseValues = { autoDirectNodeRoutes: true, hubble: { ui: { enabled: true }, relay: { enabled: false } } };
    expect(properties({ baseValues, values: { devices: ["eth+"] } })).toEqual([
      "baseValues.hubble.ui.enabled",
      "values.devices",
      "baseValues.autoDirectNodeRoutes",
    ]);
    expect(properties({ baseValues, optionOf: OPTION_OF_PATH })).toEqual(["hubble.ui", "values.autoDirectNodeRoutes"]);
  });

  test("a value and the option that sets it are the same to it", () => {
    const merged = { hubble: { ui: { enabled: true }, relay: { enabled: false } } };
    expect(properties({ values: merged })).toEqual(["values.hubble.ui.enabled"]);
    expect(properties({ baseValues: merged, optionOf: OPTION_OF_PATH })).toEqual(["hubble.ui"]);
  });
});

describe("every feature", () => {
  test.each([CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])(
    "sets only keys that %s has",
    (version) => {
      const values = mergeValues(
        chainingValues(),
        chainingValues({ conflist: "static" }),
        hubbleValues({
          ui: true,
          certificates: { method: "certmanager", issuer: { name: "ca" }, schedule: "0 0 1 * *" },
        }),
        imageRegistryValues("eu.example/cilium"),
        kubeProxyReplacementValues({ k8sServiceHost: "10.0.0.2", serveHealthCheck: true }),
        nativeRoutingValues({ podsRange: "10.20.0.0/14", bpfMasquerade: true }),
        gkeDefaultValues(),
        nodeInitValues("host-prep"),
        operatorValues(),
        prometheusValues(),
        resourceValues(),
        rollOutValues(),
        startupTaintValues("a/b"),
        unmanagedPodsValues({}, version),
      );
      expect(ciliumValueProblems(values, version)).toEqual([]);
    },
  );
});
