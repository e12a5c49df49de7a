import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { App, TerraformStack, Testing } from "cdktf";
import fc from "fast-check";
import { type Manifest, ManifestRelease } from "../../lib/kubernetes";
import { packageFile } from "../../lib/package-files";
import { networkLoggingManifest } from "../../lib/policy";
import { render } from "./subjects";

const CHART = packageFile("lib/kubernetes/manifests-chart");

/** Objects with everything that a template engine, a YAML parser or Terraform could stumble over. */
const MANIFESTS: readonly Manifest[] = [
  {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "alerts", namespace: "monitoring", labels: { release: "x" } },
    spec: {
      groups: [
        {
          name: "cilium",
          rules: [
            {
              alert: "Drops",
              expr: 'sum by (pod) (rate(cilium_drop_count_total{reason="CT: Map insertion failed"}[5m])) > 0',
              annotations: { summary: '{{ $labels.pod }} drops {{ $value | printf "%.2f" }}', link: "${1} %{x} <a&b>" },
            },
          ],
        },
      ],
    },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "nasty", namespace: "monitoring" },
    data: {
      "a.yaml": "x: 1\n---\ny: 2\n",
      bool: "true",
      number: "0123",
      unicode: "\u2028 \u0085 \u007f \ufeff é 😀",
      tab: "\t\\ \"'",
    },
  },
  {
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name: "cluster" },
    spec: {
      endpointSelector: {},
      ingress: [{ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] }],
      big: 2147483648,
      small: 0.5,
      none: [],
    },
  },
  networkLoggingManifest({ deny: { log: true } }),
];

/** Values of a ManifestRelease as Terraform hands them to Helm. */
function valuesOf(manifests: readonly Manifest[]): string {
  const stack = new TerraformStack(new App(), "test");
  new ManifestRelease(stack, "objects", { name: "objects", namespace: "default", manifests });
  const { values } = JSON.parse(Testing.synth(stack)).resource.helm_release.objects as { values: [string] };
  return values[0].replaceAll("$${", "${").replaceAll("%%{", "%{");
}

describe("the chart of ManifestRelease", () => {
  it("renders every object exactly as it was written", () => {
    const { objects } = render(CHART, valuesOf(MANIFESTS), "default");
    const byName = (a: { metadata: { name: string } }, b: typeof a) => (a.metadata.name < b.metadata.name ? -1 : 1);
    assert.deepEqual([...objects].sort(byName), [...MANIFESTS].sort(byName));
  });

  it("renders any text at all, in keys and values", () => {
    const text = fc.string({ unit: "binary" });
    const samples = fc.sample(fc.dictionary(text, text), { numRuns: 200, seed: 1 });
    const manifests = samples.map(
      (data, index): Manifest => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `sample-${index}` },
        data: JSON.parse(JSON.stringify(data)),
      }),
    );
    const { objects } = render(CHART, valuesOf(manifests), "default");
    for (const manifest of manifests) {
      const found = objects.find(({ metadata }) => metadata.name === manifest.metadata.name);
      assert.deepEqual(JSON.parse(JSON.stringify(found)), JSON.parse(JSON.stringify(manifest)));
    }
  });

  it("leaves the order by kind to Helm: what others need comes first", () => {
    const object = (apiVersion: string, kind: string): Manifest => ({ apiVersion, kind, metadata: { name: "a" } });
    const { objects } = render(
      CHART,
      valuesOf([object("example.com/v1", "Custom"), object("apps/v1", "Deployment"), object("v1", "Namespace")]),
    );
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ["Namespace", "Deployment", "Custom"],
    );
  });
});
