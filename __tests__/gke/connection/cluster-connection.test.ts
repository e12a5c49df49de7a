import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import {
  ClusterConnection,
  type ClusterConnectionProps,
  clusterConnectionProblems,
  type GkeClusterOptions,
} from "../../../lib/gke";
import { synthStacks } from "../../../lib/testing";
import { testApp } from "../../support/app";
import { lines } from "../support";
import { type Json, synth } from "../synth";

const CLUSTER = { project: "acme-1", location: "asia-northeast1", clusterName: "staging" };
const DATA = "data.google_container_cluster.connection_cluster_55FC28B1";
const PRIVATE = `${DATA}.private_cluster_config[0].private_endpoint`;
const PUBLIC = `${DATA}.private_cluster_config[0].public_endpoint`;
const DNS = `${DATA}.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint`;
const CA = `\${base64decode(${DATA}.master_auth[0].cluster_ca_certificate)}`;
const PLUGIN = { api_version: "client.authentication.k8s.io/v1beta1", command: "gke-gcloud-auth-plugin" };

function connection(variant: Partial<ClusterConnectionProps> = {}): Json {
  return synth((stack) => {
    const made = new ClusterConnection(stack, "connection", { ...CLUSTER, ...variant });
    new TerraformOutput(stack, "agents", { value: made.agentHost });
  });
}

test("it looks the cluster up by name and hands nothing over between stacks", () => {
  const json = connection();
  expect(json.data.google_container_cluster).toEqual({
    connection_cluster_55FC28B1: { name: "staging", project: "acme-1", location: "asia-northeast1" },
  });
  expect(json).not.toHaveProperty("resource");
  expect(json.data).not.toHaveProperty("terraform_remote_state");
});

test("by default it goes through the DNS-based endpoint, whose certificate everybody trusts, and fetches tokens as it needs them", () => {
  const { provider } = connection();
  expect(provider.helm).toEqual([{ kubernetes: { host: `https://\${${DNS}}`, exec: PLUGIN } }]);
  expect(provider.kubernetes).toEqual([{ host: `https://\${${DNS}}`, exec: [PLUGIN] }]);
});

test.each([
  ["private", PRIVATE],
  ["public", PUBLIC],
] as const)("the %s endpoint is checked against the cluster's own certificate", (endpoint, address) => {
  const { provider } = connection({ endpoint });
  expect(provider.helm).toEqual([
    { kubernetes: { host: `https://\${${address}}`, cluster_ca_certificate: CA, exec: PLUGIN } },
  ]);
  expect(provider.kubernetes).toEqual([{ host: `https://\${${address}}`, cluster_ca_certificate: CA, exec: [PLUGIN] }]);
});

test("an access token is read once, and no program is asked for", () => {
  const { data, provider } = connection({ authentication: "access-token" });
  const [client] = Object.keys(data.google_client_config);
  const token = `\${data.google_client_config.${client}.access_token}`;
  expect(provider.helm).toEqual([{ kubernetes: { host: `https://\${${DNS}}`, token } }]);
  expect(provider.kubernetes).toEqual([{ host: `https://\${${DNS}}`, token }]);
  expect(connection().data).not.toHaveProperty("google_client_config");
});

test.each(["dns", "private", "public"] as const)(
  "agents get an IP address, the private one first, however Terraform connects (%s)",
  (endpoint) => {
    expect(connection({ endpoint }).output.agents.value).toBe(`\${coalesce(try(${PRIVATE}, ""), try(${PUBLIC}, ""))}`);
  },
);

test("two connections of one stack have providers of different names", () => {
  const { provider } = synth((stack) => {
    new ClusterConnection(stack, "connection", CLUSTER);
    new ClusterConnection(stack, "other", { ...CLUSTER, clusterName: "other", alias: "other" });
  });
  expect(provider.helm.map(({ alias }: Json) => alias)).toEqual([undefined, "other"]);
  expect(provider.kubernetes.map(({ alias }: Json) => alias)).toEqual([undefined, "other"]);
});

test("it needs nothing of a stack but a google provider", () => {
  const stack = new TerraformStack(testApp(), "stack");
  new GoogleProvider(stack, "google", { project: "acme-1" });
  new ClusterConnection(stack, "connection", CLUSTER);
  expect(() => Testing.synth(stack, true)).not.toThrow();
});

test.each<[ClusterConnectionProps["endpoint"], GkeClusterOptions | undefined]>([
  [undefined, undefined],
  ["dns", { ipEndpoint: "off" }],
  ["private", {}],
  ["private", { ipEndpoint: "public" }],
  ["public", { ipEndpoint: "public" }],
])("endpoint %p of a cluster with %j can be reached", (endpoint, cluster) => {
  expect(clusterConnectionProblems({ endpoint }, cluster)).toEqual([]);
});

test.each<[ClusterConnectionProps["endpoint"], GkeClusterOptions, string]>([
  [
    undefined,
    { dnsEndpoint: false },
    "'endpoint' (dns) is switched off by 'cluster.dnsEndpoint'; switch dnsEndpoint on, or connect through another one",
  ],
  [
    "private",
    { ipEndpoint: "off" },
    "'endpoint' (private) is switched off by 'cluster.ipEndpoint' (off); connect through \"dns\", or set ipEndpoint to \"private\"",
  ],
  [
    "public",
    {},
    "'endpoint' (public) is switched off by 'cluster.ipEndpoint' (private); connect through \"dns\", or set ipEndpoint to \"public\"",
  ],
  [
    "public",
    { ipEndpoint: "off" },
    "'endpoint' (public) is switched off by 'cluster.ipEndpoint' (off); connect through \"dns\", or set ipEndpoint to \"public\"",
  ],
])("endpoint %p of a cluster with %j is refused", (endpoint, cluster, problem) => {
  expect(lines(clusterConnectionProblems({ endpoint }, cluster))).toEqual([problem]);
});

describe("two connections in one stack", () => {
  const two = (alias?: string) =>
    synthStacks((app) => {
      const stack = new TerraformStack(app, "both");
      new GoogleProvider(stack, "google", { project: "acme-1" });
      new ClusterConnection(stack, "one", CLUSTER);
      new ClusterConnection(stack, "two", { ...CLUSTER, clusterName: "other", ...(alias && { alias }) });
    });

  test("need an alias, which Terraform would ask for in the plan only", () => {
    expect(() => two()).toThrow(/both\/two: 'alias' is not set, and both\/one\/helm is a provider helm/);
  });

  test("work with one", () => expect(Object.keys(two("other"))).toEqual(["both"]));
});
