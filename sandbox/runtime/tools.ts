import {
  findCdktf,
  findProviders,
  findTerraform,
  type RequiredProviders,
  type TerraformProgram,
  type ToolchainOptions,
} from "../toolchain";

/** What deploys stacks: found in the user's own ways, not part of the sandbox. */
export interface Tools {
  readonly terraform: TerraformProgram;
  /** Program and leading arguments of the cdktf CLI. */
  readonly cdktf: readonly string[];
  /** CLI configuration file of Terraform that names a mirror with the providers. */
  readonly cliConfig: string;
}

/**
 * Finds Terraform, the cdktf CLI and the providers that stacks require.
 *
 * @param project Directory of the project whose stacks are deployed.
 * @throws ToolchainError naming what is missing and the remedy.
 */
export async function findTools(
  project: string,
  providers: RequiredProviders,
  options: ToolchainOptions = {},
): Promise<Tools> {
  const terraform = await findTerraform(options);
  const { cliConfig } = await findProviders(terraform, providers, options);
  return { terraform, cdktf: await findCdktf(project, options), cliConfig };
}
