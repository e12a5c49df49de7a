import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { App, ref, TerraformStack, Testing, Token } from "cdktf";
import {
  CILIUM_OCI_REPOSITORY,
  CiliumRelease,
  type CiliumReleaseProps,
  CiliumVersion,
  hubbleValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  parseKnownValues,
  upgradeCompatibilityProblems,
} from "../../lib/cilium";

function synth(props: CiliumReleaseProps) {
  const stack = new TerraformStack(new App(), "networking");
  new HelmProvider(stack, "helm");
  const construct = new CiliumRelease(stack, "cilium", props);
  const release = JSON.parse(Testing.synth(stack)).resource.helm_release.cilium;
  return { construct, release, values: parseKnownValues(release.values[0]) };
}

describe("CiliumRelease", () => {
  const { release, values, construct } = synth({ baseValues: hubbleValues() });

  test("pins chart and repository", () => {
    expect(release).toMatchObject({
      name: "cilium",
      chart: "cilium",
      namespace: "kube-system",
      repository: "https://helm.cilium.io/",
      version: "1.20.2",
      create_namespace: false,
    });
    expect(construct.version).toBe(CiliumVersion.DEFAULT);
  });

  test("never rolls back, waits, and adopts a first installation that timed out", () => {
    expect(release).toMatchObject({
      atomic: false,
      cleanup_on_fail: false,
      wait: true,
      timeout: 900,
      upgrade_install: true,
    });
  });

  test("has what every release on GKE gets", () => {
    expect(values).toMatchObject({
      rollOutCiliumPods: true,
      enableLBIPAM: false,
      cni: { binPath: "/home/kubernetes/bin" },
      hubble: { relay: { enabled: true, rollOutPods: true }, tls: { auto: { method: "cronJob" } } },
    });
  });

  test("takes another version, source, namespace, registry and time", () => {
    const other = synth({
      version: CiliumVersion.V1_19,
      upgradeCompatibility: "1.18",
      chartSource: { repository: CILIUM_OCI_REPOSITORY },
      namespace: "cilium",
      imageRegistry: "eu.example/cilium",
      timeoutSeconds: 60,
    });
    expect(other.release).toMatchObject({
      version: "1.19.7",
      repository: "oci://quay.io/cilium/charts",
      namespace: "cilium",
      create_namespace: true,
      timeout: 60,
    });
    expect(other.values).toMatchObject({
      upgradeCompatibility: "1.18",
      image: { repository: "eu.example/cilium/cilium" },
    });
  });

  test("does not wait where the chart's own hook would be waited for in vain", () => {
    expect(synth({ version: CiliumVersion.V1_18, baseValues: hubbleValues() }).release.wait).toBe(false);
  });

  test("merges the caller's values last", () => {
    const { values } = synth({
      baseValues: hubbleValues(),
      values: { hubble: { relay: { replicas: 3 }, metrics: { enabled: ["flow"] } }, rollOutCiliumPods: false },
    });
    expect(values).toMatchObject({
      rollOutCiliumPods: false,
      hubble: { relay: { enabled: true, replicas: 3 }, metrics: { enabled: ["flow"] } },
    });
  });

  test("keeps tokens out of the readable part", () => {
    const { release } = synth({
      baseValues: mergeValues(
        nativeRoutingValues({ podsRange: "10.20.0.0/14" }),
        kubeProxyReplacementValues({
          k8sServiceHost: Token.asString(ref("data.google_container_cluster.c.endpoint")),
          serveHealthCheck: true,
        }),
      ),
    });
    expect(release.values).toHaveLength(2);
    expect(release.values[0]).not.toContain("k8sServiceHost");
    expect(release.values[1]).toMatch(
      /^\$\{jsonencode\(\{.*"k8sServiceHost" = data\.google_container_cluster\.c\.endpoint\b/,
    );
  });

  test("reports every problem at once, with the construct's path", () => {
    const broken = () =>
      synth({
        upgradeCompatibility: "1.21",
        imageRegistry: "https://x",
        timeoutSeconds: 0,
        values: { tunnel: "disabled", devices: ["eth+"], hubble: { metrics: { enabled: ["flows"] } } },
      });
    expect(broken).toThrow("6 problems:");
    expect(broken).toThrow("networking/cilium: 'values.tunnel' (disabled) was removed from the chart in Cilium 1.15");
    expect(broken).toThrow("'values.hubble.metrics.enabled[0]' (flows) has no handler 'flows'");
  });

  test("declares nothing where something is wrong", () => {
    const stack = new TerraformStack(new App(), "networking");
    expect(() => new CiliumRelease(stack, "cilium", { values: { tunnel: "vxlan" } })).toThrow("tunnel");
    expect(JSON.parse(Testing.synth(stack)).resource).toBeUndefined();
  });

  test("warns of a version outside the tested range", () => {
    const { construct } = synth({ version: CiliumVersion.of("1.21.0") });
    expect(construct.node.metadata.map(({ data }) => data)).toEqual([
      expect.stringContaining("outside the tested range"),
    ]);
    expect(synth({}).construct.node.metadata).toEqual([]);
  });
});

describe("upgradeCompatibilityProblems", () => {
  test.each([
    [undefined, 0],
    ["1.20", 0],
    ["1.9", 0],
    ["1.21", 1],
    ["2.0", 1],
    ["1.20.2", 1],
    ["latest", 1],
  ])("%s with 1.20.2 gives %i", (first, count) => {
    expect(upgradeCompatibilityProblems(CiliumVersion.V1_20, first)).toHaveLength(count);
  });

  test("calls a downgrade by its name", () => {
    expect(upgradeCompatibilityProblems(CiliumVersion.V1_19, "1.20")).toEqual([
      {
        property: "upgradeCompatibility",
        value: "1.20",
        rule: "is newer than the version to install (1.19.7), a downgrade below what the cluster began with",
        remedy: "raise version to 1.20 or later, or correct upgradeCompatibility",
      },
    ]);
  });
});
