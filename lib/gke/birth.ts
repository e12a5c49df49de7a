import type { Construct } from "constructs";
import { TerraformData } from "../terraform-data";
import { isKnown } from "../validation";

/** What {@link Birth} takes. */
export interface BirthProps {
  /** What it is about, for the message: `Cluster staging`. */
  readonly subject: string;
  /** What the thing is made with and cannot be changed afterwards, by the names of the options. */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Remembers in the state what something was made with, and refuses in the plan what would replace it.
 *
 * Clusters, networks, subnets, routers and NATs keep the names that their author gave them, and node pools are made
 * before those they replace, and with them whatever they stand in. So Terraform would make a second one under the name
 * of the first, and Google Cloud answers 409, after everything else of the plan was done.
 */
export class Birth extends TerraformData {
  private readonly subject: string;
  private readonly facts: string;

  public constructor(scope: Construct, id: string, { subject, facts }: BirthProps) {
    // What only Terraform knows cannot be compared before the plan knows it.
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => isKnown(value)));
    super(scope, id, { input: known, lifecycle: { ignoreChanges: ["input"] } });
    this.subject = subject;
    this.facts = `{ ${Object.entries(known)
      .map(([name, value]) => `${name} = ${JSON.stringify(value).replace(/([$%])\{/g, "$1$1{")}`)
      .join(", ")} }`;
  }

  /** The precondition of whatever would be replaced. */
  public unchanged(): { readonly condition: string; readonly errorMessage: string } {
    // As text and not as the token that cdktf has for it, which it would put into braces of its own here.
    const was = `try(terraform_data.${this.friendlyUniqueId}.output[name], value)`;
    const changes = `join(", ", [for name, value in ${this.facts} : "\${name} (\${${was}}) to \${value}" if ${was} != value])`;
    return {
      condition: `\${alltrue([for name, value in ${this.facts} : ${was} == value])}`,
      errorMessage: `${this.subject} cannot change \${${changes}}: that takes another one, and two cannot have one name at a time. Change it back, make an environment under another name beside this one and move over, or destroy this one first: docs/mode-switch.md has the steps.`,
    };
  }
}
