import type { Construct } from "constructs";
import type { Problem } from "../validation";
import type { MonitoringContext, MonitoringFacts, MonitoringNeeds } from "./facts";

/**
 * How an environment is monitored: which program collects the metrics of its dataplane, shows them and alerts on them.
 *
 * Made by one of the factories, one options interface each. Both kinds read the same {@link MonitoringFacts}, evaluate
 * the same alert rules and offer the same overview, so that changing the kind changes where the data lives and not what
 * an engineer on call is told.
 */
export abstract class Monitoring {
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
   * @throws ConfigurationError with every problem, before anything is declared.
   */
  public abstract install(scope: Construct, context: MonitoringContext): void;
}
