import { TerraformProvider, type TerraformStack } from "cdktf";
import {
  isOlderThanBindings,
  PROVIDER_VERSIONS,
  PROVIDERS,
  type ProviderName,
  triedMajors,
} from "../facts/providers/versions";
import { parseVersion } from "../facts/semver";
import { type Check, type CheckTable, decisive, isKnown, type Problem, textJudgedBy } from "../validation";

/**
 * Versions of the Terraform providers, each `major.minor.patch`. What differs between them: `docs/providers.md`.
 *
 * A newer one changes nothing about what is written: fields that only it has go through the escape hatch.
 */
export interface ProviderVersions {
  /**
   * Version of hashicorp/google: 6.50.0 or later.
   *
   * @default "6.50.0"
   */
  readonly google?: string;

  /**
   * Version of hashicorp/helm: 3.1.1 or later.
   *
   * @default "3.1.1"
   */
  readonly helm?: string;

  /**
   * Version of hashicorp/kubernetes: 2.38.0 or later.
   *
   * @default "2.38.0"
   */
  readonly kubernetes?: string;
}

const EXACT = /^\d+\.\d+\.\d+$/;

export const PROVIDER_VERSIONS_TABLE: CheckTable<ProviderVersions> = {
  google: versionOf("google"),
  helm: versionOf("helm"),
  kubernetes: versionOf("kubernetes"),
};

function versionOf(provider: ProviderName): Check {
  const { bound, tried } = PROVIDER_VERSIONS[provider];
  const newest = tried[tried.length - 1] ?? bound;
  const check = textJudgedBy((value, property): Problem[] => {
    if (!EXACT.test(value)) {
      const rule = "is not one version: what is reviewed and what is applied could differ";
      return [{ property, value, rule, remedy: `write it as major.minor.patch, e.g. "${newest}"` }];
    }
    if (!isOlderThanBindings(provider, value)) return [];
    const rule = `is older than the ${bound} that the resources are written for`;
    return [{ property, value, rule, remedy: `give ${bound} or a later one, or leave it out` }];
  }, `write it in quotes, e.g. "${newest}"`);
  return decisive(check, "Terraform takes no expressions for versions");
}

/** What works, or may work, but deserves a sentence. */
export function providerWarnings(versions: ProviderVersions | undefined): Problem[] {
  if (!isKnown(versions)) return [];
  return PROVIDERS.flatMap((provider): Problem[] => {
    const version = versions[provider];
    const major = isKnown(version) ? parseVersion(version)?.major : undefined;
    const majors = triedMajors(provider);
    if (major === undefined || majors.includes(major)) return [];
    return [
      {
        property: `providers.${provider}`,
        value: version,
        rule: `is of a major that this library was not deployed with (${majors.join(" and ")} were)`,
        remedy: "read its upgrade guide, and look at a plan of every environment before the first apply",
      },
    ];
  });
}

/** Pins the providers that a stack has. An override of the stack's own keeps its way. */
export function pinProviders(stack: TerraformStack, versions: ProviderVersions | undefined): void {
  const required = (stack["rawOverrides"] as Overrides).terraform?.required_providers ?? {};
  const used = stack.node
    .findAll()
    .filter((construct) => TerraformProvider.isTerraformProvider(construct))
    .map((provider) => provider.terraformResourceType);
  for (const provider of PROVIDERS) {
    const version = versions?.[provider];
    if (version === undefined || !used.includes(provider) || required[provider]?.version !== undefined) continue;
    stack.addOverride(`terraform.required_providers.${provider}.version`, version);
  }
}

interface Overrides {
  readonly terraform?: {
    readonly required_providers?: Readonly<Record<string, { readonly version?: string } | undefined>>;
  };
}
