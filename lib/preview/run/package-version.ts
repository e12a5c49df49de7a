import { packageText } from "../../package-files";

/** The version of this package, for reports. */
export function packageVersion(): string {
  const manifest: { readonly version: string } = JSON.parse(packageText("package.json"));
  return manifest.version;
}
