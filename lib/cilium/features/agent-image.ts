import { agentDigest, UPSTREAM_REGISTRY } from "../../facts/cilium/images";
import { type HelmValue, type HelmValues, isValuesMap } from "../../helm";
import type { CiliumVersion } from "../version";

/**
 * The image that the agents of a release run, put together as the chart does it (`cilium.image` in its
 * `templates/_helpers.tpl`): what else runs on every node before them can run the same, and nodes pull one image.
 *
 * The chart pins the digest of its version. Where that is not known here the tag has to do.
 *
 * @param values The release's values after all merging: a mirror, a tag or another image altogether stand there.
 */
export function ciliumAgentImage(version: CiliumVersion, values: HelmValues = {}): string {
  const image: HelmValues = isValuesMap(values["image"]) ? values["image"] : {};
  const override = text(image["override"]);
  if (override !== undefined) return override;
  const repository = text(image["repository"]) ?? `${UPSTREAM_REGISTRY}/cilium`;
  const tag = text(image["tag"]) ?? `v${version}`;
  const digest = image["useDigest"] === false ? undefined : (text(image["digest"]) ?? agentDigest(`${version}`));
  return `${repository}:${tag}${digest === undefined ? "" : `@${digest}`}`;
}

/** A text that says something, or a token; anything else is for the rules about values to judge. */
function text(value: HelmValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
