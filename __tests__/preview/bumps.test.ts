import { CiliumVersion } from "../../lib/cilium";
import { Dataplane } from "../../lib/dataplane";
import type { EnvironmentDefinition } from "../../lib/environment";
import { Monitoring } from "../../lib/monitoring";
import { previewOf } from "../../lib/testing/preview-of";
import { definition } from "../support/definition";

/** A bump as Renovate makes one, with what its preview must say: rules with what they saw, and attributes that change. */
interface Bump {
  readonly before: EnvironmentDefinition;
  readonly after: EnvironmentDefinition;
  /** `rule severity detail`. */
  readonly says: readonly string[];
  /** `address path`. */
  readonly changes: readonly string[];
}

const cilium = (version: string) =>
  definition({ dataplane: Dataplane.kubeProxyFree({ version: CiliumVersion.of(version) }) });
const image = (tag: string) =>
  definition({
    dataplane: Dataplane.kubeProxyFree({ kubeProxyDisabler: { image: `registry.example.com/cilium:${tag}` } }),
  });
const chart = (chartVersion: string) => definition({ monitoring: Monitoring.prometheus({ chartVersion }) });
const gke = (minVersion: string) => definition({ cluster: { minVersion } });
const provider = (providers: EnvironmentDefinition["providers"]) => definition({ providers });

const RELEASE = "helm_release.cilium";
const REMOVER = "kubernetes_daemon_set_v1.kube-proxy-disabler";
const PROVIDERS = "terraform.required_providers";

const BUMPS: Readonly<Record<string, Bump>> = {
  "a patch of Cilium": {
    before: cilium("1.20.1"),
    after: cilium("1.20.2"),
    says: ["CI19 medium version: 1.20.1 → 1.20.2"],
    changes: [`${RELEASE} version`, `${REMOVER} spec.template.spec.container.image`],
  },
  "a minor of Cilium": {
    before: cilium("1.19.6"),
    after: cilium("1.20.2"),
    says: ["CI2 medium version: 1.19.6 → 1.20.2"],
    changes: [`${RELEASE} version`, `${REMOVER} spec.template.spec.container.image`],
  },
  "two minors of Cilium": {
    before: cilium("1.18.9"),
    after: cilium("1.20.2"),
    says: ["CI1 critical version: 1.18.9 → 1.20.2", "CI17 high clustermesh.policyDefaultLocalCluster: false → true"],
    changes: [`${RELEASE} version`],
  },
  "an image that is named": {
    before: image("v1.20.1"),
    after: image("v1.20.2"),
    says: ["CI19 medium extraInitContainers"],
    changes: [`${REMOVER} spec.template.spec.container.image`],
  },
  "a major version of the monitoring chart": {
    before: chart("87.0.0"),
    after: chart("88.5.3"),
    says: ["HR7 medium kube-prometheus-stack version: 87.0.0 → 88.5.3"],
    changes: ["helm_release.stack version"],
  },
  "a patch of the monitoring chart": {
    before: chart("88.5.1"),
    after: chart("88.5.3"),
    says: ["HR7 info kube-prometheus-stack version: 88.5.1 → 88.5.3"],
    changes: ["helm_release.stack version"],
  },
  "a minor of GKE": {
    before: gke("1.33"),
    after: gke("1.34"),
    says: ["GK11 medium min_master_version: 1.33 → 1.34"],
    changes: ["google_container_cluster.cluster min_master_version"],
  },
  "a major version of the google provider": {
    before: provider({ google: "6.50.0" }),
    after: provider({ google: "7.45.0" }),
    says: ["ST5 medium google: 6.50.0 → 7.45.0"],
    changes: [`${PROVIDERS} google.version`],
  },
  "a patch of the helm provider": {
    before: provider({ helm: "3.1.1" }),
    after: provider({ helm: "3.1.2" }),
    says: ["ST5 medium helm: 3.1.1 → 3.1.2"],
    changes: [`${PROVIDERS} helm.version`],
  },
  "a major version of the kubernetes provider": {
    before: provider({ kubernetes: "2.38.0" }),
    after: provider({ kubernetes: "3.2.1" }),
    says: ["ST5 medium kubernetes: 2.38.0 → 3.2.1"],
    changes: [`${PROVIDERS} kubernetes.version`],
  },
};

test.each(Object.entries(BUMPS))("%s is told with what it does, and replaces nothing", (_, bump) => {
  const { findings, stacks } = previewOf(bump.before, bump.after);
  // Stacks that follow another are told once more, and no bump has a finding beyond its own.
  const said = new Set(
    findings.filter(({ rule }) => rule !== "ST10").map(({ rule, severity, detail }) => `${rule} ${severity} ${detail}`),
  );
  expect([...said]).toEqual(bump.says);
  for (const { consequence, remedy } of findings)
    expect(Math.min(consequence.length, remedy.length)).toBeGreaterThan(20);
  const resources = stacks.flatMap((stack) => stack.resources);
  const changed = resources.flatMap(({ address, fields }) => fields.map(({ path }) => `${address} ${path}`));
  expect(changed).toEqual(expect.arrayContaining([...bump.changes]));
  expect(resources.filter(({ action }) => action === "replace" || action === "delete")).toEqual([]);
});
