import type { EnvironmentDefinition } from "../lib/environment";
import { dev } from "./dev";
import { prod } from "./prod";
import { staging } from "./staging";

/** Every environment of this project: what is synthesized, previewed, tested and deployed. */
export const environments: readonly EnvironmentDefinition[] = [dev, staging, prod];
