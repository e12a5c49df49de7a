import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { nodeLocalDnsManifests } from "../../lib/dataplane/node-local-dns";
import { describeEnvironment } from "../../lib/environment";
import { manifestReleaseProblems } from "../../lib/kubernetes";
import { synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

const problems = (options: KubeProxyFreeOptions, cluster = {}) =>
  describeEnvironment(definition({ dataplane: Dataplane.kubeProxyFree(options), cluster })).problems;
const find = <Spec>(kind: string) => {
  const found = nodeLocalDnsManifests().find((each) => each.kind === kind);
  return found as unknown as { readonly metadata: { readonly name: string }; readonly spec: Spec };
};
interface Pods {
  readonly template: {
    readonly metadata: { readonly labels: object };
    readonly spec: Readonly<Record<string, unknown>>;
  };
}
interface Redirect {
  readonly redirectFrontend: object;
  readonly redirectBackend: {
    readonly localEndpointSelector: { readonly matchLabels: object };
    readonly toPorts: readonly object[];
  };
}

test("comes after Cilium, which has the definition of the redirect, and switches redirects on", () => {
  const dataplane = Dataplane.kubeProxyFree({ nodeLocalDns: {} });
  const stack = synthEnvironment(definition({ dataplane }))["staging-networking"];
  const releases = (stack?.resource["helm_release"] ?? {}) as Record<string, Record<string, unknown>>;
  expect(releases["node-local-dns"]?.["depends_on"]).toEqual(["helm_release.cilium"]);
  expect(releases["cilium"]?.["values"]).toContainEqual(
    expect.objectContaining({ localRedirectPolicies: { enabled: true } }),
  );
  expect(Object.keys(synthEnvironment(definition())["staging-networking"]?.resource["helm_release"] ?? {})).toEqual([
    "cilium",
  ]);
});

test("the redirect selects what the DaemonSet runs: pods with a network of their own", () => {
  const pods = find<Pods>("DaemonSet").spec.template;
  expect(pods.spec["hostNetwork"]).toBeUndefined();
  const redirect = find<Redirect>("CiliumLocalRedirectPolicy").spec;
  expect(redirect.redirectBackend.localEndpointSelector.matchLabels).toEqual(pods.metadata.labels);
  expect(redirect.redirectFrontend).toEqual({ serviceMatcher: { serviceName: "kube-dns", namespace: "kube-system" } });
  expect(redirect.redirectBackend.toPorts).toEqual([
    { name: "dns", protocol: "UDP", port: "53" },
    { name: "dns-tcp", protocol: "TCP", port: "53" },
  ]);
  // Its own queries go by another Service, or they would come back to it.
  expect(find("Service").metadata.name).toBe("kube-dns-upstream");
});

test("its objects are such that Helm can install them", () => {
  const manifests = nodeLocalDnsManifests({ image: "mirror.example.com/node-cache@sha256:abc" });
  expect(manifestReleaseProblems({ name: "node-local-dns", namespace: "kube-system", manifests })).toEqual([]);
  expect(JSON.stringify(manifests)).toContain("mirror.example.com/node-cache@sha256:abc");
});

test.each<[KubeProxyFreeOptions, object, string]>([
  [
    { nodeLocalDns: { image: "node-cache" } },
    {},
    "'dataplane.nodeLocalDns.image' (node-cache) has neither tag nor digest",
  ],
  [{ nodeLocalDns: {}, localRedirectPolicies: false }, {}, "needs local redirects, which are off"],
  [{ nodeLocalDns: {} }, { nodeLocalDns: true }, "is a second cache beside GKE's"],
  [{ nodeLocalDns: {} }, { dns: { provider: "CLOUD_DNS" } }, "has nothing to redirect with Cloud DNS"],
])("%j with %j is refused", (options, cluster, message) => {
  expect(problems(options, cluster)).toEqual([expect.stringContaining(message)]);
});
