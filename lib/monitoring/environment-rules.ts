import type { Problem } from "../validation";
import type { MonitoringFacts } from "./facts";
import { CATALOGUED_MINORS, cataloguedMinor } from "./metrics";

/** What works but shows less than it could, whatever the kind. */
export function telemetryWarnings({ telemetry }: MonitoringFacts): Problem[] {
  const { ciliumVersion, endpoints } = telemetry;
  const warnings: Problem[] = [];
  if (endpoints.length === 0)
    warnings.push({
      property: "dataplane",
      rule: "serves no metrics, so that there is nothing to monitor",
      remedy: "turn its metrics on, or leave monitoring out",
    });
  if (ciliumVersion !== undefined && !ciliumVersion.startsWith(`${cataloguedMinor(ciliumVersion)}.`))
    warnings.push({
      property: "dataplane",
      value: ciliumVersion,
      rule: `is a version of Cilium whose metrics are not known (only those of ${CATALOGUED_MINORS.join(", ")}): panels may stay empty and alerts silent`,
      remedy: `compare with those of ${cataloguedMinor(ciliumVersion)}`,
    });
  return warnings;
}

/** What Autopilot changes for pods of ours. */
export function autopilotProblems({ autopilot = false }: MonitoringFacts): Problem[] {
  if (!autopilot) return [];
  return [
    {
      property: "monitoring",
      rule: "runs Prometheus in an Autopilot cluster, which bills its requests and keeps system pods out of sight",
      remedy: "prefer Monitoring.managedPrometheus()",
    },
  ];
}
