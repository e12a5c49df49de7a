import {
  CiliumVersion,
  chainingValues,
  ciliumReleaseProblems,
  ciliumReleaseValues,
  ciliumValueProblems,
  gkeDefaultValues,
  hubbleValues,
  imageRegistryValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  nodeInitValues,
  operatorValues,
  prometheusValues,
  rollOutValues,
  startupTaintValues,
  unmanagedPodsValues,
} from "../../lib/cilium";

describe("ciliumReleaseProblems", () => {
  const values = { devices: ["eth+"] };

  test("leaves out what is told of the options themselves", () => {
    const baseValues = { autoDirectNodeRoutes: true };
    const merged = ciliumReleaseValues({ baseValues, values });
    const withoutCallers = ciliumReleaseValues({ baseValues });
    const properties = (problems: readonly { property: string }[]) => problems.map(({ property }) => property);
    expect(properties(ciliumReleaseProblems({}, merged))).toEqual(["values.devices", "values.autoDirectNodeRoutes"]);
    expect(properties(ciliumReleaseProblems({}, merged, withoutCallers))).toEqual(["values.devices"]);
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
        rollOutValues(),
        startupTaintValues("a/b"),
        unmanagedPodsValues({}, version),
      );
      expect(ciliumValueProblems(values, version)).toEqual([]);
    },
  );
});
