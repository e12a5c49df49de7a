import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CiliumVersion, ciliumReleaseProblems, effectiveRelease, type HelmValues, mergeValues } from "../../lib/cilium";
import { chartSubjects, refusal } from "./subjects";

/** Values that the chart refuses to render, and the same put right. */
const REFUSED: readonly (readonly [broken: HelmValues, fine: HelmValues])[] = [
  [{ tunnel: "disabled" }, { routingMode: "tunnel" }],
  [{ kubeProxyReplacement: "strict" }, { kubeProxyReplacement: true }],
  [
    { routingMode: "native", enableIPv4Masquerade: true },
    { routingMode: "native", enableIPv4Masquerade: true, ipv4NativeRoutingCIDR: "10.0.0.0/8" },
  ],
  [
    { gke: { enabled: true }, routingMode: "tunnel" },
    { gke: { enabled: true }, routingMode: "native" },
  ],
  [{ k8sServiceHost: "a", k8sServiceHostRef: { name: "b", key: "c" } }, { k8sServiceHost: "a" }],
  [{ hubble: { enabled: false, relay: { enabled: true } } }, { hubble: { relay: { enabled: true } } }],
  [{ hubble: { ui: { enabled: true } } }, { hubble: { relay: { enabled: true }, ui: { enabled: true } } }],
  [
    { hubble: { tls: { auto: { method: "certmanager" } } } },
    { hubble: { tls: { auto: { method: "certmanager", certManagerIssuerRef: { name: "ca" } } } } },
  ],
  [
    { prometheus: { enabled: true, serviceMonitor: { enabled: true } } },
    { prometheus: { enabled: true, serviceMonitor: { enabled: true, trustCRDsExist: true } } },
  ],
  [{ cluster: { name: "Prod" } }, { cluster: { name: "prod" } }],
  [{ cluster: { name: "a".repeat(33) } }, { cluster: { name: "a".repeat(32) } }],
  [{ cluster: { id: 7 } }, { cluster: { id: 7, name: "prod" } }],
  [
    { l7Proxy: false, gatewayAPI: { enabled: true }, kubeProxyReplacement: true },
    { gatewayAPI: { enabled: true }, kubeProxyReplacement: true },
  ],
  [
    { gke: { enabled: true }, routingMode: "native", keepDeprecatedLabels: true },
    { gke: { enabled: true }, routingMode: "native" },
  ],
  [{ encryption: { keyFile: "x" } }, { encryption: { ipsec: { keyFile: "x" } } }],
  [{ proxy: { prometheus: { enabled: true } } }, { envoy: { prometheus: { enabled: true } } }],
  [{ enableCiliumEndpointSlice: true }, { ciliumEndpointSlice: { enabled: true } }],
  [{ ciliumEndpointSlice: { sliceMode: "x" } }, {}],
  [{ remoteNodeIdentity: true }, {}],
];

/** What only the charts of later versions refuse; the agents of earlier ones do not start. */
const REFUSED_SINCE_1_19: typeof REFUSED = [
  [{ bpf: { tproxy: true, datapathMode: "netkit" } }, { bpf: { tproxy: true } }],
];

/** Beside the case under test nothing shall be wrong. */
const NEUTRAL: HelmValues = { enableLBIPAM: false };

for (const { version, chart } of chartSubjects()) {
  describe(`what Cilium ${version} refuses`, () => {
    for (const [broken, fine] of version.minor >= 19 ? [...REFUSED, ...REFUSED_SINCE_1_19] : REFUSED) {
      it(`${JSON.stringify(broken)} is refused here before, ${JSON.stringify(fine)} is not`, () => {
        const told = (values: HelmValues) =>
          ciliumReleaseProblems({}, effectiveRelease({ version, values: mergeValues(NEUTRAL, values) }));
        assert.notEqual(refusal(chart, broken), undefined, "the chart takes it");
        assert.notEqual(told(broken).length, 0, "this library takes it");
        // Once is enough, and rendering takes its time; the modes are rendered with every chart.
        if (version.compare(CiliumVersion.DEFAULT) === 0) assert.equal(refusal(chart, fine), undefined);
        assert.deepEqual(told(fine), []);
      });
    }
  });
}
