import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "./recipes";

/** Bumped when programs are built in another way (flags, environment) so that all are built again. */
const BUILD_FORMAT = 1;

/**
 * Twelve hexadecimal digits over everything that decides a program's bytes: its recipe, the pinned modules and the
 * platform. The Go release is left out on purpose: a newer compiler is no reason to spend eight minutes.
 *
 * @param directory Where the recipe's go.mod and go.sum lie.
 */
export function recipeChecksum(
  recipe: Recipe,
  directory: string,
  platform: string = `${process.platform}/${process.arch}`,
): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([BUILD_FORMAT, platform, recipe.package, recipe.version, recipe.linkerFlags]));
  for (const file of ["go.mod", "go.sum"]) hash.update("\0").update(readFileSync(join(directory, file)));
  return hash.digest("hex").slice(0, 12);
}
