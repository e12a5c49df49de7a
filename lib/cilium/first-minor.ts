import { Token } from "cdktf";
import type { Construct } from "constructs";
import { type HelmValue, type HelmValues, valueAt } from "../helm";
import { TerraformData } from "../terraform-data";
import type { CiliumVersion } from "./version";

const KEY = "upgradeCompatibility";

/** What decides which minor a cluster began with. */
export interface FirstMinorInput {
  readonly version: CiliumVersion;
  /** The option of that name. */
  readonly upgradeCompatibility?: string;
  /** Values of the author, who can write the chart's own key. */
  readonly values?: HelmValues;
}

/** The minor that was installed first, as a release uses it. */
export interface FirstMinor {
  /** For the value `upgradeCompatibility`: what the author says, else a reference to what the state remembers. */
  readonly minor: string;
  /** Refuses in the plan to go below it; undefined where the author names the minor and the rules at synth judge it. */
  readonly precondition?: { readonly condition: string; readonly errorMessage: string };
}

/**
 * Remembers in the state of the stack which minor of Cilium was installed first, so that neither a new version nor a new
 * default of this library moves it: the chart goes on with that minor's defaults.
 *
 * Known from the first apply on, without asking any API. It lives and dies with the release: where Cilium is destroyed
 * and installed again, it begins anew, as it should. In a stack that had a release before this was remembered, the
 * minor at that time is taken for the first; whoever knows better writes `upgradeCompatibility`.
 */
export function firstMinor(scope: Construct, input: FirstMinorInput): FirstMinor {
  const { version } = input;
  const written: HelmValue | undefined = valueAt(input.values ?? {}, KEY);
  const given = typeof written === "string" ? written : input.upgradeCompatibility;
  const memory = new TerraformData(scope, "first-minor", {
    input: { minor: given ?? version.minorVersion },
    lifecycle: { ignoreChanges: ["input"] },
  });
  if (given !== undefined) return { minor: given };

  const remembered = `${memory.fqn}.output.minor`;
  const [major, minor] = [0, 1].map((part) => `tonumber(split(".", ${remembered})[${part}])`);
  return {
    minor: Token.asString(memory.interpolationForAttribute("output.minor")),
    precondition: {
      condition: `\${${major} < ${version.major} || (${major} == ${version.major} && ${minor} <= ${version.minor})}`,
      errorMessage: `Cilium began on this cluster with \${${remembered}} and cannot go back to ${version}, whose agents do not know what newer ones left on the nodes. Raise version to \${${remembered}} or later, or name the minor in upgradeCompatibility where another one ran here before.`,
    },
  };
}
