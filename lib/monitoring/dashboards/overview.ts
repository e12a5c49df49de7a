import type { DataplaneTelemetry } from "../../dataplane/telemetry";
import { type AvailableSeries, availableSeries } from "../metrics";
import { type QueryContext, type SectionDraft, sectionsWithData } from "./draft";
import type { Dashboard, Variable } from "./model";
import {
  APPLICATION_PANELS,
  CAPACITY_PANELS,
  COST_PANELS,
  DATAPLANE_V2_PANELS,
  DATAPLANE_V2_TILES,
} from "./overview-capacity";
import { HEALTH_PANELS, LOSS_PANELS, STATUS_TILES } from "./overview-panels";

/** From left to right and top to bottom in the order in which one asks. */
const SECTIONS: readonly SectionDraft[] = [
  { panels: [...STATUS_TILES, ...DATAPLANE_V2_TILES] },
  { title: "Are packets lost?", panels: [...LOSS_PANELS, ...DATAPLANE_V2_PANELS] },
  { title: "Is Cilium well?", panels: HEALTH_PANELS },
  { title: "Is there room?", panels: CAPACITY_PANELS },
  { title: "Do names and HTTP work?", panels: APPLICATION_PANELS },
  { title: "What does watching cost?", panels: COST_PANELS },
];

/** Stable: links to the dashboard hold it. */
export const OVERVIEW_UID = "cilium-on-gke";

/**
 * *Cilium on GKE*: one page that answers whether the network of a cluster is well, for whatever its dataplane reports.
 *
 * @param context Writes queries for the program that shows it.
 */
export function overviewDashboard(telemetry: DataplaneTelemetry, context: QueryContext): Dashboard {
  const available = availableSeries(telemetry);
  return {
    uid: OVERVIEW_UID,
    title: "Cilium on GKE",
    description: "Is the cluster's network well? Made by cdktf-gke-cilium for what this cluster's dataplane reports.",
    tags: ["cilium", "gke"],
    variables: [clusterVariable(available)],
    sections: sectionsWithData(SECTIONS, available, context),
  };
}

/** The choice of a cluster, from a series that every dataplane has. */
export function clusterVariable(available: AvailableSeries): Variable {
  const series = available.has("cilium_version") ? "cilium_version" : "pod_flow_ingress_flows_count";
  return { name: "cluster", label: "Cluster", query: `label_values(${series}, cluster)` };
}
