import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { renderKnownValues } from "../../helm";
import { type Dashboard, grafanaDashboard } from "../dashboards";
import { DASHBOARD_LABEL, FOLDER_ANNOTATION } from "./grafana-values";

const FOLDER = "Cilium";

/** One ConfigMap a dashboard, so that a plan shows which one changes. Grafana's sidecar loads them. */
export function dashboardConfigMaps(
  scope: Construct,
  dashboards: readonly Dashboard[],
  props: {
    readonly namespace: string;
    readonly dependsOn: readonly ITerraformDependable[];
    readonly provider: TerraformProvider;
  },
): ConfigMapV1[] {
  return dashboards.map((dashboard) => {
    const name = dashboardName(dashboard);
    return new ConfigMapV1(scope, `dashboard-${name}`, {
      metadata: {
        name,
        namespace: props.namespace,
        labels: { [DASHBOARD_LABEL]: "1", "app.kubernetes.io/part-of": "cilium-monitoring" },
        annotations: { [FOLDER_ANNOTATION]: FOLDER },
      },
      data: { [`${name}.json`]: rendered(dashboard) },
      dependsOn: [...props.dependsOn],
      provider: props.provider,
    });
  });
}

/** Texts of dashboards that were rendered before: environments with the same dataplane share them. */
const texts = new WeakMap<Dashboard, string>();

function rendered(dashboard: Dashboard): string {
  const text = texts.get(dashboard) ?? renderKnownValues(grafanaDashboard(dashboard));
  texts.set(dashboard, text);
  return text;
}

/** A name for Kubernetes out of a dashboard's title: `Hubble / DNS Overview (Namespace)` is `hubble-dns-overview-namespace`. */
export function dashboardName({ title }: Dashboard): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
