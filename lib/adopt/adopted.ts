import { type App, TerraformResource, TerraformStack } from "cdktf";
import { ConfigurationError, describeProblem, type Problem } from "../validation";

/** A resource that exists and comes under the care of a stack. */
export interface AdoptedResource {
  /** How the provider finds it: the id of `terraform import`. */
  readonly id: string;

  /**
   * Attributes that stay as they were found, whatever the definition says: paths as in `lifecycle.ignore_changes`. Taking
   * one out shows its change in the next plan.
   *
   * @default - none
   */
  readonly keep?: readonly string[];
}

/** What is adopted: the id of a stack, then the address of a resource in it, as `gke-cilium adopt` writes them. */
export type Adoption = Readonly<Record<string, Readonly<Record<string, AdoptedResource>>>>;

/**
 * Adds an import block for everything that exists already, and leaves alone what was found otherwise than the definition
 * has it. For `synthesize`'s second argument, or an app of your own before it is written.
 *
 * Where a resource is in the state already, Terraform passes over its import block; the blocks may stay or go.
 *
 * @throws ConfigurationError naming every stack and address that the app does not have.
 */
export function adoptExisting({ app }: { readonly app: App }, adoption: Adoption): void {
  const problems: Problem[] = [];
  for (const [stackId, resources] of Object.entries(adoption)) {
    const stack = app.node.tryFindChild(stackId);
    if (!TerraformStack.isStack(stack)) {
      problems.push(unknown(stackId, "is no stack of this app", "correct it, or take it out of what is adopted"));
      continue;
    }
    const byAddress = new Map(
      stack.node
        .findAll()
        .filter((each) => TerraformResource.isTerraformResource(each))
        .map((resource) => [addressOf(resource), resource]),
    );
    for (const [address, { id, keep = [] }] of Object.entries(resources)) {
      const resource = byAddress.get(address);
      if (resource === undefined) {
        problems.push(
          unknown(
            `${stackId}.${address}`,
            "is no resource of that stack",
            "correct it; gke-cilium adopt writes it anew where the definition has changed",
          ),
        );
        continue;
      }
      resource.importFrom(id, resource.provider);
      keepAttributes(resource, keep);
    }
  }
  if (problems.length > 0)
    throw new ConfigurationError(problems.map((problem) => describeProblem("adoption", problem)));
}

/** Address of a resource as Terraform writes it. */
export function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}

function keepAttributes(resource: TerraformResource, keep: readonly string[]): void {
  const ignored = resource.lifecycle?.ignoreChanges ?? [];
  if (keep.length === 0 || ignored === "all") return;
  resource.lifecycle = {
    ...resource.lifecycle,
    ignoreChanges: [...new Set([...(Array.isArray(ignored) ? ignored : [ignored]), ...keep])],
  };
}

function unknown(property: string, rule: string, remedy: string): Problem {
  return { property, rule, remedy };
}
