import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CiliumReleaseProps,
  type CiliumValues,
  canWaitForPods,
  ciliumReleaseProblems,
  effectiveRelease,
  type HelmValues,
  HTTP_HUBBLE_METRIC,
  hasSafeKubeletWrapper,
  hubbleMetrics,
  hubbleValues,
  kubeProxyReplacementValues,
  mergeValues,
  nativeRoutingValues,
  nodeInitValues,
  operatorValues,
  parseKnownValues,
  prometheusValues,
  releaseLayers,
  renderKnownValues,
} from "../../lib/cilium";
import { chartSubjects, render, renderText } from "./subjects";

for (const { version, chart } of chartSubjects()) {
  const valuesOf = (props: CiliumReleaseProps): HelmValues => {
    const release = effectiveRelease(releaseLayers({ version, ...props }));
    assert.deepEqual(ciliumReleaseProblems(props, release), []);
    return parseKnownValues(renderKnownValues(release.values));
  };
  const rendered = (props: CiliumReleaseProps) => render(chart, valuesOf(props), props.namespace);

  describe(`options with Cilium ${version}`, () => {
    it("sign Hubble's certificates in the cluster and renew them there", () => {
      const props = {
        baseValues: hubbleValues({ ui: true, certificates: { schedule: "0 3 * * 0", validityDays: 60 } }),
      };
      const release = rendered(props);
      assert.equal(
        (release.object("CronJob", "hubble-generate-certs")["spec"] as { schedule: string }).schedule,
        "0 3 * * 0",
      );
      const job = release.objectLike("Job", "hubble-generate-certs");
      assert.match(JSON.stringify(job), /validity: 1440h/);
      assert.deepEqual(
        release.names("Secret").filter((name) => /hubble|cilium-ca/.test(name)),
        [],
      );
      // A hook runs after Helm has waited, and then relay would be waited for in vain.
      const isHook = job.metadata.annotations?.["helm.sh/hook"] !== undefined;
      assert.equal(canWaitForPods(version, props.baseValues as CiliumValues), !isHook);
    });

    it("render the same twice, so that no plan shows a difference by itself", () => {
      const values = valuesOf({ baseValues: mergeValues(hubbleValues({ ui: true }), prometheusValues()) });
      assert.equal(renderText(chart, values), renderText(chart, values));
      // The check can fail: certificates of Helm's own are new each time.
      const helms = mergeValues(values, { hubble: { tls: { auto: { method: "helm" } } } });
      assert.notEqual(renderText(chart, helms), renderText(chart, helms));
    });

    it("let cert-manager sign", () => {
      const release = rendered({
        baseValues: hubbleValues({ certificates: { method: "certmanager", issuer: { kind: "Issuer", name: "ca" } } }),
      });
      assert.deepEqual(release.names("Job", "CronJob"), []);
      assert.ok(release.has("Certificate", "hubble-server-certs"));
      assert.match(
        JSON.stringify(release.objects),
        /"issuerRef":{"group":"cert-manager.io","kind":"Issuer","name":"ca"}/,
      );
    });

    it("give the agents the metrics that were asked for", () => {
      const options = {
        metrics: [{ handler: "flow", sourceContext: ["pod", "ip"] }, HTTP_HUBBLE_METRIC],
        openMetrics: true,
      } as const;
      const { config } = rendered({ baseValues: hubbleValues(options) });
      assert.deepEqual(config["hubble-metrics"]?.trim().split(/\s+/), [...hubbleMetrics(options)]);
      assert.equal(config["hubble-metrics-server"], ":9965");
      assert.equal(config["enable-hubble-open-metrics"], "true");
    });

    it("switch Hubble off", () => {
      const release = rendered({ baseValues: hubbleValues({ enabled: false }) });
      assert.equal(release.config["enable-hubble"], "false");
      assert.ok(!release.names("Deployment", "CronJob", "Job").some((name) => name.includes("hubble")));
    });

    it("serve each program's metrics at the port that monitoring scrapes", () => {
      const release = rendered({ baseValues: mergeValues(hubbleValues(), prometheusValues()) });
      const ports = (kind: string, name: string, container: string) =>
        Object.fromEntries(
          (release.container(kind, name, container).ports ?? []).map((port) => [port.name, port.containerPort]),
        );
      assert.equal(ports("DaemonSet", "cilium", "cilium-agent")["prometheus"], 9962);
      assert.equal(ports("DaemonSet", "cilium", "cilium-agent")["hubble-metrics"], 9965);
      assert.equal(ports("Deployment", "cilium-operator", "cilium-operator")["prometheus"], 9963);
      assert.equal(ports("DaemonSet", "cilium-envoy", "cilium-envoy")["envoy-metrics"], 9964);
      assert.equal(ports("Deployment", "hubble-relay", "hubble-relay")["prometheus"], 9966);
      const off = rendered({ baseValues: prometheusValues({ agentMetrics: false }) });
      assert.equal(off.config["prometheus-serve-addr"], undefined);
    });

    it("take every image from a mirror, with the chart's own tags", () => {
      const props = {
        baseValues: mergeValues(hubbleValues({ ui: true }), nodeInitValues("host-prep"), prometheusValues()),
      };
      const upstream = rendered(props).images;
      const mirrored = rendered({ ...props, imageRegistry: "eu.example:5000/acme/cilium" }).images;
      assert.ok(upstream.length >= 10, upstream.join("\n"));
      assert.deepEqual(
        mirrored,
        upstream.map((image) => image.replace("quay.io/cilium", "eu.example:5000/acme/cilium")),
      );
      assert.ok(mirrored.every((image) => image.startsWith("eu.example:5000/")));
    });

    it("masquerade in BPF through the host's stack", () => {
      const { config } = rendered({
        baseValues: mergeValues(
          nativeRoutingValues({ podsRange: "10.20.0.0/14", bpfMasquerade: true }),
          kubeProxyReplacementValues({ k8sServiceHost: "10.1.2.3", serveHealthCheck: true }),
        ),
      });
      assert.equal(config["enable-bpf-masquerade"], "true");
      assert.equal(config["enable-host-legacy-routing"], "true");
    });

    it("replace the kubelet where that is asked for and known to work", () => {
      const props = { version, baseValues: nodeInitValues("reconfigure-kubelet") };
      if (hasSafeKubeletWrapper(version))
        assert.match(JSON.stringify(rendered(props).podTemplate("DaemonSet", "cilium-node-init")), /the-kubelet/);
      else assert.equal(ciliumReleaseProblems(props, effectiveRelease(releaseLayers(props))).length, 1);
    });

    it("run one operator on a cluster of one node", () => {
      const release = rendered({ baseValues: operatorValues({ operatorReplicas: 1 }) });
      assert.equal((release.object("Deployment", "cilium-operator")["spec"] as { replicas: number }).replicas, 1);
    });

    it("bring the quota for critical pods where the namespace is not kube-system", () => {
      const release = rendered({
        namespace: "cilium",
        baseValues: nativeRoutingValues({ podsRange: "10.20.0.0/14" }),
      });
      assert.notDeepEqual(release.names("ResourceQuota"), []);
    });

    it("let the caller's values win, and reach the chart as they were written", () => {
      const note = "${1}-%{x}";
      const release = rendered({
        baseValues: operatorValues(),
        values: { operator: { replicas: 3 }, podAnnotations: { note }, extraConfig: { "my-flag": "on" } },
      });
      assert.equal((release.object("Deployment", "cilium-operator")["spec"] as { replicas: number }).replicas, 3);
      assert.equal(release.agent.metadata.annotations?.["note"], note);
      assert.equal(release.config["my-flag"], "on");
    });
  });
}
