import type { Construct } from "constructs";
import type { Problem } from "../validation";
import type { MonitoringContext, MonitoringFacts, MonitoringNeeds } from "./facts";
import { ManagedPrometheusMonitoring } from "./managed-prometheus/managed-prometheus-monitoring";
import type { ManagedPrometheusMonitoringOptions } from "./managed-prometheus/options";
import type { MonitoringParts } from "./parts";
import type { PrometheusMonitoringOptions } from "./prometheus/options";
import { PrometheusMonitoring } from "./prometheus/prometheus-monitoring";

/**
 * How an environment is monitored: which program collects the metrics of its dataplane, shows them and alerts on them.
 *
 * Made by one of the factories, one options interface each. Both kinds read the same {@link MonitoringFacts}, evaluate
 * the same alert rules and offer the same overview, so that changing the kind changes where the data lives and not what
 * an engineer on call is told.
 */
export abstract class Monitoring {
  /**
   * Prometheus, Alertmanager and Grafana in the cluster, from the chart kube-prometheus-stack.
   *
   * For teams that want everything in the cluster, and for clusters whose metrics must not be billed by sample.
   */
  public static prometheus(options: PrometheusMonitoringOptions = {}): Monitoring {
    return new PrometheusMonitoring(options);
  }

  /**
   * Google Cloud Managed Service for Prometheus: Google stores, Cloud Monitoring shows and alerts.
   *
   * Nothing to run or to size in the cluster; billed by ingested sample, so it collects at a longer interval and drops
   * what no dashboard or alert reads.
   */
  public static managedPrometheus(options: ManagedPrometheusMonitoringOptions = {}): Monitoring {
    return new ManagedPrometheusMonitoring(options);
  }

  /** Which factory made it. For messages and tables; code that branches on it belongs into the kind. */
  public abstract readonly kind: "prometheus" | "managed-prometheus";

  /** What the cluster must be created with for this kind. */
  public abstract readonly needs: MonitoringNeeds;

  /** Everything that is wrong with this kind's options for an environment: all of it, nothing thrown. */
  public abstract problems(facts: MonitoringFacts): Problem[];

  /** What works but deserves a sentence: told at synth, never an error. */
  public abstract warnings(facts: MonitoringFacts): Problem[];

  /**
   * Declares everything of this kind in `scope`, the stack `<env>-monitoring` or any other that has a google provider.
   *
   * @returns What it declared.
   * @throws ConfigurationError with every problem, before anything is declared.
   */
  public abstract install(scope: Construct, context: MonitoringContext): MonitoringParts;
}
