import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CiliumVersion } from "../../lib/cilium";
import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { MANAGED_HUBBLE_NAMESPACE, managedHubbleUiValues } from "../../lib/dataplane/managed-hubble-ui";
import type { EnvironmentDefinition } from "../../lib/environment";
import { CAPABILITIES } from "./cases/capabilities";
import { synthesizedRelease } from "./releases";
import type { Rendered } from "./rendered";
import { chartSubjects, render } from "./subjects";

const BASE: Omit<EnvironmentDefinition, "dataplane"> = {
  name: "chart",
  project: "acme-chart",
  location: "asia-northeast1",
  network: { nodes: "10.16.0.0/20", pods: "10.20.0.0/14", services: "10.24.0.0/20" },
  nodePools: [{ name: "general", machineType: "e2-standard-4", minNodes: 3, maxNodes: 9 }],
};

for (const { version, chart } of chartSubjects()) {
  const isDefault = version.minorVersion === CiliumVersion.DEFAULT.minorVersion;
  const rendered = (options: KubeProxyFreeOptions, more: Partial<EnvironmentDefinition> = {}): Rendered =>
    render(
      chart,
      synthesizedRelease({ ...BASE, ...more, dataplane: Dataplane.kubeProxyFree({ version, ...options }) }).values,
    );

  describe(`the datapath's options with Cilium ${version}`, () => {
    if (isDefault)
      for (const { title, kubeProxyFree, config = {} } of CAPABILITIES)
        if (kubeProxyFree !== undefined)
          it(`${title}: the agents are configured with it, and are not without`, () => {
            const asked = render(chart, synthesizedRelease({ ...BASE, ...kubeProxyFree.environment }).values).config;
            const shipped = rendered({}).config;
            const of = (from: Readonly<Record<string, string>>) =>
              Object.fromEntries(Object.keys(config).map((key) => [key, from[key]]));
            assert.deepEqual(of(asked), config);
            if (Object.keys(config).length > 0)
              assert.notDeepEqual(of(shipped), config, "it is there without the option");
          });

    it("make Hubble's UI alone, for the relay that GKE runs", () => {
      const release = render(chart, managedHubbleUiValues(), MANAGED_HUBBLE_NAMESPACE);
      assert.deepEqual(release.names("DaemonSet", "Job", "CronJob", "Namespace", "Secret"), []);
      assert.deepEqual(release.names("Deployment"), ["Deployment/hubble-ui"]);
      const backend = release.container("Deployment", "hubble-ui", "backend");
      const environment = JSON.stringify(backend);
      for (const part of ['"hubble-relay:443"', `"relay.${MANAGED_HUBBLE_NAMESPACE}.svc.cluster.local"`, '"true"'])
        assert.ok(environment.includes(part), `${part} is not in ${environment}`);
      const volumes = JSON.stringify(release.podTemplate("Deployment", "hubble-ui").spec.volumes);
      assert.match(volumes, /"defaultMode":256/);
      assert.match(volumes, /"name":"hubble-relay-client-certs"/);
    });

    it("put the mesh's API server behind an internal load balancer, with certificates that are renewed", () => {
      const release = rendered({
        ipv4NativeRoutingCIDR: "10.0.0.0/8",
        clusterMesh: {
          id: 7,
          address: "10.16.15.250",
          peers: [{ name: "osaka", address: "10.48.15.250", ranges: ["10.48.0.0/20", "10.52.0.0/14"] }],
        },
      });
      assert.equal(release.config["cluster-id"], "7");
      assert.equal(release.config["cluster-name"], BASE.name);
      const service = release.object("Service", "clustermesh-apiserver");
      assert.deepEqual(
        [(service["spec"] as { type: string }).type, (service["spec"] as { loadBalancerIP: string }).loadBalancerIP],
        ["LoadBalancer", "10.16.15.250"],
      );
      assert.equal(service.metadata.annotations?.["networking.gke.io/load-balancer-type"], "Internal");
      assert.ok(release.has("CronJob", "clustermesh-apiserver-generate-certs"));
      // The CA is made by hand: no key of it is in what Helm keeps, and the Job makes none of its own.
      assert.equal(release.has("Secret", "cilium-ca"), false);
      assert.match(
        JSON.stringify(release.object("CronJob", "clustermesh-apiserver-generate-certs")),
        /--ca-generate=false/,
      );
      const peers = JSON.stringify(release.object("Secret", "cilium-clustermesh"));
      assert.match(peers, /"osaka"/);
    });

    it("mount the Secret of IPsec's keys, and no key is among the values", () => {
      const release = rendered({ encryption: { type: "ipsec", secretName: "our-keys" } });
      const volume = (release.agent.spec.volumes ?? []).find((each) => JSON.stringify(each).includes("our-keys"));
      assert.match(JSON.stringify(volume), /"secretName":"our-keys"/);
      assert.equal(release.has("Secret", "our-keys"), false);
    });

    it("drop clear text in the range of the pods, wherever this minor has the key", () => {
      const { config } = rendered({ encryption: { type: "wireguard", strict: {} } });
      const key = Object.keys(config).find((each) => /strict.*cidr/.test(each));
      assert.equal(config[key ?? ""], "10.20.0.0/14");
    });
  });
}
