import {
  CHAINING_OPTIONS,
  type ChainingOptions,
  CNI_CONFIGURATION_CONFIG_MAP,
  CNI_CONFIGURATION_KEY,
  chainingProblems,
  chainingValues,
  cniConfigurationData,
} from "../../../lib/cilium";
import { examine } from "../../../lib/validation";

describe("chainingValues", () => {
  test.each<ChainingOptions>([{}, { conflist: "static" }])("%j: leaves CNI, addresses and SNAT to GKE", (options) => {
    expect(chainingValues(options)).toMatchObject({
      cni: { chainingMode: "generic-veth", exclusive: false, binPath: "/home/kubernetes/bin" },
      enableIPv4Masquerade: false,
      enableIdentityMark: false,
      kubeProxyReplacement: false,
      ipam: { mode: "kubernetes" },
      routingMode: "native",
    });
  });

  test("detects the network by default", () => {
    expect(chainingValues().cni).toMatchObject({ chainingTarget: "*", customConf: false });
    expect(chainingValues({ chainingTarget: "gke-pod-network" }).cni).toMatchObject({
      chainingTarget: "gke-pod-network",
    });
  });

  test("takes the configuration from the ConfigMap where it is static", () => {
    const { cni } = chainingValues({ conflist: "static" });
    expect(cni).toMatchObject({
      customConf: true,
      configMap: CNI_CONFIGURATION_CONFIG_MAP,
      configMapKey: CNI_CONFIGURATION_KEY,
    });
    expect(cni).not.toHaveProperty("chainingTarget");
  });
});

describe("cniConfigurationData", () => {
  const configuration = (options?: ChainingOptions) =>
    JSON.parse(cniConfigurationData(options)[CNI_CONFIGURATION_KEY] ?? "");

  test("is GKE's own Calico configuration with Cilium behind it", () => {
    expect(configuration()).toMatchObject({ name: "generic-veth", cniVersion: "0.3.1" });
    expect(configuration().plugins.map(({ type }: { type: string }) => type)).toEqual([
      "calico",
      "portmap",
      "bandwidth",
      "cilium-cni",
    ]);
  });

  test("takes pod addresses from the node's range, since GKE has no Calico pools", () => {
    expect(configuration().plugins[0].ipam).toMatchObject({ type: "host-local", ranges: [[{ subnet: "usePodCidr" }]] });
  });

  test("tells the plugin its mode in so many words", () => {
    expect(configuration().plugins[3]).toEqual({ type: "cilium-cni", "chaining-mode": "generic-veth" });
  });

  test("carries the options", () => {
    const [calico] = configuration({ mtu: 8896, calicoKubeconfig: "/etc/x" }).plugins;
    expect(calico).toMatchObject({ mtu: 8896, kubernetes: { kubeconfig: "/etc/x" } });
    expect(configuration().plugins[0].mtu).toBe(1460);
  });
});

describe("chainingProblems", () => {
  test.each<[ChainingOptions, string[]]>([
    [{}, []],
    [{ chainingTarget: "gke-pod-network" }, []],
    [{ conflist: "static", mtu: 1500, calicoKubeconfig: "/etc/cni/net.d/x" }, []],
    [{ mtu: 1500 }, ["mtu"]],
    [{ conflist: "detect", calicoKubeconfig: "/x" }, ["calicoKubeconfig"]],
    [{ conflist: "static", chainingTarget: "x" }, ["chainingTarget"]],
    [{ chainingTarget: "" }, ["chainingTarget"]],
    [{ conflist: "static", mtu: 1299 }, ["mtu"]],
    [{ conflist: "static", mtu: 8897 }, ["mtu"]],
    [{ conflist: "static", calicoKubeconfig: "x" }, ["calicoKubeconfig"]],
    [{ conflist: "static", mtu: 1, calicoKubeconfig: "x" }, ["mtu", "calicoKubeconfig"]],
  ])("%j gives %j", (options, properties) => {
    const { problems, options: sound } = examine(options, CHAINING_OPTIONS);
    const found = [...problems, ...chainingProblems(sound)];
    expect(found.map(({ property }) => property)).toEqual(properties);
  });
});
