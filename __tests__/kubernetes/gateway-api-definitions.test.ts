import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GATEWAY_API_VERSION } from "../../lib/kubernetes";

const CHART = join(__dirname, "../../lib/kubernetes/gateway-api-chart");
const definitions = readdirSync(join(CHART, "data")).filter((name) => name.endsWith(".yaml"));

/** What Cilium 1.20.2 requires: Documentation/network/servicemesh/gateway-api/installation.rst. */
const REQUIRED = [
  "backendtlspolicies",
  "gatewayclasses",
  "gateways",
  "grpcroutes",
  "httproutes",
  "referencegrants",
  "tlsroutes",
];

test("the chart has every definition that Cilium's operator requires, of one version and channel", () => {
  expect(definitions.sort()).toEqual(REQUIRED.map((name) => `gateway.networking.k8s.io_${name}.yaml`));
  for (const name of definitions) {
    const text = readFileSync(join(CHART, "data", name), "utf8");
    expect(text).toContain(`gateway.networking.k8s.io/bundle-version: v${GATEWAY_API_VERSION}`);
    expect(text).toContain("gateway.networking.k8s.io/channel: standard");
    expect(text.match(/^kind: CustomResourceDefinition$/gm)).toHaveLength(1);
  }
});

test("the chart is of the version that it carries", () => {
  expect(readFileSync(join(CHART, "Chart.yaml"), "utf8")).toContain(`version: ${GATEWAY_API_VERSION}\n`);
});
