import { finding, predicted, resources, said } from "./crafted";

const R = "helm_release.cilium";
const release = (values: object) => ({
  name: "cilium",
  namespace: "kube-system",
  chart: "cilium",
  version: "1.20.2",
  values: [JSON.stringify(values)],
});
const change = (before: object, after: object) =>
  predicted(resources({ [R]: release(before) }), resources({ [R]: release(after) }));
const rolled = (values: object) => ({ rollOutCiliumPods: true, ...values });

/** Chart 1.20.2, rendered with each value changed by itself: whether the pods of the DaemonSet are others. */
describe("what restarts the agents, by the chart itself", () => {
  test.each<[what: string, before: object, after: object]>([
    ["MTU", {}, { MTU: 1400 }],
    ["the bandwidth manager", {}, { bandwidthManager: { enabled: true } }],
    ["the egress gateway", {}, { egressGateway: { enabled: true } }],
    ["the Gateway API", {}, { gatewayAPI: { enabled: true } }],
    ["debug", {}, { debug: { enabled: true } }],
    ["rate limits", {}, { k8sClientRateLimit: { qps: 30 } }],
    ["limits of the API", {}, { apiRateLimit: "endpoint-create=rate-limit:5/s" }],
    [
      "the list of addresses that are not masqueraded",
      {},
      { ipMasqAgent: { config: { nonMasqueradeCIDRs: ["10.0.0.0/8"] } } },
    ],
    ["redaction", {}, { hubble: { redact: { enabled: true } } }],
    [
      "a monitor of the agents, for which they lose an annotation",
      {},
      { prometheus: { serviceMonitor: { enabled: true } } },
    ],
  ])("%s does", (_, before, after) => {
    expect(said(change(rolled(before), rolled(after)))).toContain("CI19 medium");
  });

  test.each<[what: string, before: object, after: object]>([
    ["Hubble's dynamic metrics", {}, { hubble: { metrics: { dynamic: { config: { content: [{ name: "dns" }] } } } } }],
    ["Hubble's dynamic export", {}, { hubble: { export: { dynamic: { config: { content: [{ name: "all" }] } } } } }],
    ["another cluster in the mesh", {}, { clustermesh: { config: { clusters: [{ name: "b" }] } } }],
    ["how they are to be replaced", {}, { updateStrategy: { rollingUpdate: { maxUnavailable: 1 } } }],
    ["how long certificates are good", {}, { hubble: { tls: { auto: { certValidityDuration: 90 } } } }],
  ])("%s does not", (_, before, after) => {
    expect(said(change(rolled(before), rolled(after)))).toEqual([]);
  });

  test.each<[what: string, before: object, after: object]>([
    ["a default that is written out", {}, { hubble: { enabled: true }, encryption: { enabled: false } }],
    ["the same as text", { enableLBIPAM: true }, { enableLBIPAM: "true" }],
  ])("%s changes nothing", (_, before, after) => {
    expect(said(change(rolled(before), rolled(after)))).toEqual([]);
  });

  test("what is in their pods does even where configuration alone does not", () => {
    const off = { rollOutCiliumPods: false };
    const resized = { ...off, resources: { limits: { memory: "2Gi" } } };
    expect(said(change(off, resized))).toEqual(["CI19 medium"]);
    const configured = finding("CI19", change(off, { ...off, MTU: 1400 }))!;
    expect([configured.severity, configured.detail]).toEqual([
      "info",
      expect.stringContaining("rollOutCiliumPods is off"),
    ]);
  });

  test("and what it does besides is said", () => {
    expect(finding("CI19", change(rolled({}), rolled({ MTU: 1400 })))!.detail).toBe(
      "MTU (running pods keep the old MTU until they are made anew)",
    );
  });
});

test("a host firewall that goes on begins to decide, one that goes off ceases to", () => {
  const on = { hostFirewall: { enabled: true } };
  const off = { hostFirewall: { enabled: false } };
  const switched = finding("CI17", change(rolled(off), rolled(on)))!;
  expect([switched.severity, switched.consequence]).toEqual(["high", expect.stringContaining("kubelets")]);
  const back = said(change(rolled(on), rolled(off)));
  expect([back.includes("CI21 high"), back.includes("CI17 high")]).toEqual([true, false]);
});

describe("what Cilium tells of itself", () => {
  const watched = {
    hubble: { enabled: true, relay: { enabled: true }, metrics: { enabled: ["dns", "drop"] } },
    prometheus: { enabled: true },
  };
  test.each<[what: string, after: object, says: string]>([
    ["Hubble goes", { ...watched, hubble: { ...watched.hubble, enabled: false } }, "hubble.enabled goes off"],
    [
      "its relay goes",
      { ...watched, hubble: { ...watched.hubble, relay: { enabled: false } } },
      "hubble.relay.enabled goes off",
    ],
    [
      "a metric goes",
      { ...watched, hubble: { ...watched.hubble, metrics: { enabled: ["dns"] } } },
      "hubble.metrics.enabled without drop",
    ],
    ["metrics go", { ...watched, prometheus: { enabled: false } }, "prometheus.enabled goes off"],
  ])("%s", (_, after, says) => {
    expect(finding("GK19", change(rolled(watched), rolled(after)))!.detail).toContain(says);
    expect(finding("GK19", change(rolled(after), rolled(watched)))).toBeUndefined();
  });
});
