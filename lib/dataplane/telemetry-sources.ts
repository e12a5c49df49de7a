import { CiliumRelease, type CiliumReleaseProps, effectiveRelease, releaseLayers } from "../cilium";
import { ciliumTelemetry } from "./cilium-telemetry";
import { type DataplaneTelemetry, NO_FEATURES } from "./telemetry";

/** What is there to be monitored on a cluster that is not an environment's, or that somebody else made. */
export class Telemetry {
  /**
   * Cilium that you run yourself.
   *
   * @param release The release in this app, or, where it is somebody else's, its version and values: what they switch on
   *   is what can be scraped.
   */
  public static cilium(release: CiliumRelease | CiliumReleaseProps): DataplaneTelemetry {
    return ciliumTelemetry(
      release instanceof CiliumRelease ? release.effective : effectiveRelease(releaseLayers(release)),
    );
  }

  /** Dataplane V2 whose flow metrics are on (`monitoring_config.advanced_datapath_observability_config`). */
  public static dataplaneV2(): DataplaneTelemetry {
    return {
      endpoints: [
        {
          component: "dataplane-v2",
          namespace: "kube-system",
          podLabels: { "k8s-app": "cilium" },
          portName: "flowmetrics",
          managed: true,
        },
      ],
      hubbleMetrics: [],
      features: { ...NO_FEATURES, endpointHealthChecking: true, kubeProxyReplacement: true },
    };
  }
}
