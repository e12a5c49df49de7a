import type { VersionCatalogue } from "./container/versions";
import type { ClusterHooks } from "./hooks";
import type { OperationPace } from "./operations/pace";
import type { ProjectOptions } from "./projects/projects";
import type { Quotas } from "./quotas";

/** Access token that the simulator accepts; says in its text that it opens nothing anywhere else. */
export const SANDBOX_ACCESS_TOKEN = "sandbox-token-that-opens-nothing-but-the-sandbox";

/** Whose token that is, as the log tells it. */
export const SANDBOX_USER = "terraform@sandbox.invalid";

/** How a simulator is set up. */
export interface GoogleCloudSimulatorOptions {
  /**
   * Projects to create at start, by id or in detail. A request about any other project is refused with 403, as Google
   * does. Projects that the state already has stay as they are.
   *
   * @default none
   */
  readonly projects?: readonly (string | ProjectOptions)[];
  /** Directory for the state and the access log; made where it does not exist. @default nothing is kept */
  readonly stateDirectory?: string;
  /** Port on 127.0.0.1. @default 0, a free one */
  readonly port?: number;
  /**
   * Who may call: e-mail by access token. A second token lets a test act as a person who changes things by hand, and the
   * log then tells the two apart.
   *
   * @default `SANDBOX_ACCESS_TOKEN` for `SANDBOX_USER`
   */
  readonly users?: Readonly<Record<string, string>>;
  /**
   * Who else may call, and do no more than what the roles of a project or a bucket allow: e-mail by access token. A
   * request that needs another permission is answered 403, as Google does.
   *
   * @default nobody
   */
  readonly accounts?: Readonly<Record<string, string>>;
  /** How long operations take. @default `{ mode: "fast" }` */
  readonly pace?: OperationPace;
  /** Versions of Kubernetes on offer. @default `DEFAULT_VERSIONS` */
  readonly versions?: VersionCatalogue;
  /**
   * How much each project may use in a region, by metric of Compute Engine, e.g. `{ CPUS: 24, N2_CPUS: 8 }`. What is left
   * out keeps its default.
   *
   * @default `DEFAULT_QUOTAS`; 2400 processors of each series
   */
  readonly quotas?: Quotas;
  /** Whoever gives clusters a control plane and nodes. @default nobody: clusters are entries in the API only */
  readonly hooks?: ClusterHooks;
}
