import type { VersionCatalogue } from "./container/versions";
import type { ClusterHooks } from "./hooks";
import type { OperationEngine } from "./operations/engine";
import type { Projects } from "./projects/projects";
import type { Quotas } from "./quotas";
import type { Identity } from "./state/identity";
import type { Store } from "./state/store";

/** What every simulated service works with. */
export interface Cloud {
  readonly store: Store;
  readonly identity: Identity;
  readonly operations: OperationEngine;
  readonly projects: Projects;
  /** Versions of Kubernetes that clusters can have. */
  readonly versions: VersionCatalogue;
  /** How much each project may use in a region, by metric. */
  readonly quotas: Quotas;
  /** Whoever gives clusters a control plane and nodes. */
  readonly hooks: ClusterHooks;
}
