import { readFileSync } from "node:fs";
import { packageFile } from "../../package-files";

/** The version of this package, for reports. */
export function packageVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  return manifest.version;
}
