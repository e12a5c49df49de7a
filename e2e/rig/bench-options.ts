import type { EnvironmentDefinition } from "../../lib/environment";
import type { LogEntry } from "../../sandbox/gcp/http/log";
import type { EnvironmentName } from "../harness/scenario";
import type { Bench } from "./bench";
import type { Cloud } from "./cloud";
import type { Layer } from "./stacks";

/** What a bench is made of. */
export interface BenchOptions {
  readonly environment: EnvironmentName;
  readonly definition: EnvironmentDefinition;
  readonly cloud: Cloud;
  /** Working directory of the environment: its app, its states, its logs. Emptied at the start. */
  readonly directory: string;
  /** The compiled app, `dist/e2e/app/main.js`. */
  readonly app: string;
  /** Those of the environments that it is in a mesh with. @default none */
  readonly meshed?: readonly Bench[];
}

/** What `cdktf deploy` and `cdktf destroy` are given. */
export interface CdktfOptions {
  /** Which stacks. @default all three, by the pattern that the README shows */
  readonly layers?: readonly Layer[];
  /** Variables besides those of the cloud. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A command that the bench runs. */
export interface Run {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** @default the working directory of the environment */
  readonly cwd?: string;
  /** Tells it from commands that run beside it. */
  readonly scope?: string;
  /** Variables besides those of the cloud. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  /** Told when it ran and which requests the environment's user made since it started. */
  readonly onEnd?: (from: number, to: number, requests: readonly LogEntry[]) => void;
}
