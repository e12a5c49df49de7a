import { packageText } from "../package-files";
import type { InitOptions } from "./options";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const PEERS = ["@cdktf/provider-google", "@cdktf/provider-helm", "@cdktf/provider-kubernetes", "cdktf", "constructs"];
const TOOLS = ["@swc/core", "@swc/jest", "@types/jest", "@types/node", "jest", "typescript"];

/** `package.json`, with the very versions that this package is tested with. */
export function packageManifest({ name }: Pick<InitOptions, "name">): string {
  const ours = JSON.parse(packageText("package.json")) as Manifest;
  const versions = (names: readonly string[]) =>
    Object.fromEntries(names.map((each) => [each, ours.devDependencies[each]]));
  const manifest = {
    name,
    version: "1.0.0",
    private: true,
    description: "GKE clusters with Cilium, as code.",
    scripts: {
      build: "tsc -b",
      synth: "tsc -b && node dist/main.js",
      lint: "tsc --noEmit",
      test: "jest",
      preview: "gke-cilium preview",
      doctor: "npm run --silent synth && gke-cilium doctor",
      status: "gke-cilium status",
      hubble: "gke-cilium hubble",
      connectivity: "gke-cilium connectivity",
      "bootstrap:synth": "tsc -b && node dist/bootstrap/main.js",
      bootstrap: 'cdktf deploy --app "npm run --silent bootstrap:synth" --output cdktf.bootstrap "bootstrap-*"',
    },
    engines: ours.engines,
    dependencies: { "cdktf-gke-cilium": ours.version, ...versions(PEERS) },
    devDependencies: versions(TOOLS),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
