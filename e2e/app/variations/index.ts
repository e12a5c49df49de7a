import { DEV_VARIATIONS } from "./dev";
import { PROD_VARIATIONS } from "./prod";
import { STAGING_VARIATIONS } from "./staging";
import type { Variations } from "./variation";

/** The edits that the scenarios make, by environment and name. */
export const VARIATIONS: Readonly<Record<string, Variations>> = {
  dev: DEV_VARIATIONS,
  staging: STAGING_VARIATIONS,
  prod: PROD_VARIATIONS,
};
