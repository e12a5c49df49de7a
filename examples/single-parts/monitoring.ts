import { CiliumVersion, Monitoring, MonitoringAddon, Telemetry } from "cdktf-gke-cilium";
import type { Construct } from "constructs";
import { TheirCluster } from "./stack";

/** Watches a Cilium that is there already: what its values switch on is what can be scraped. */
export class MonitoringOnly extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new MonitoringAddon(this, "monitoring", {
      connection: this.connection,
      telemetry: Telemetry.cilium({
        version: CiliumVersion.V1_19,
        values: { prometheus: { enabled: true }, operator: { prometheus: { enabled: true } } },
      }),
      monitoring: Monitoring.prometheus(),
    });
  }
}

/** The same for Google's Cilium, with Google's Prometheus. */
export class MonitoringOfDataplaneV2 extends TheirCluster {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    new MonitoringAddon(this, "monitoring", {
      connection: this.connection,
      telemetry: Telemetry.dataplaneV2(),
      monitoring: Monitoring.managedPrometheus({ alerts: { emails: ["oncall@example.com"] } }),
    });
  }
}
