import type { Construct } from "constructs";
import { TerraformData } from "../terraform-data";
import { isKnown } from "../validation";

/** What {@link Birth} takes. */
export interface BirthProps {
  /** What it is about, for the message: `Cluster staging`. */
  readonly subject: string;
  /** What the thing is made with and cannot be changed afterwards, by the names of the options. */
  readonly facts: Readonly<Record<string, string>>;
  /**
   * A range that can be widened and not narrowed, with the name of its option. A range that was widened once can be
   * narrowed again without a word of this, down to what it was made with: only that is remembered.
   *
   * @default - none
   */
  readonly range?: { readonly name: string; readonly cidr: string };
}

const CANNOT =
  "that takes another one, and two cannot have one name at a time. Change it back, make an environment under another name beside this one and move over, or destroy this one first: docs/mode-switch.md has the steps.";

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
  private readonly range: BirthProps["range"];

  public constructor(scope: Construct, id: string, { subject, facts, range }: BirthProps) {
    // What only Terraform knows cannot be compared before the plan knows it.
    const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => isKnown(value)));
    const isRange = range !== undefined && isKnown(range.cidr);
    super(scope, id, {
      input: isRange ? { ...known, [range.name]: range.cidr } : known,
      lifecycle: { ignoreChanges: ["input"] },
    });
    this.subject = subject;
    this.range = isRange ? range : undefined;
    this.facts = `{ ${Object.entries(known)
      .map(([name, value]) => `${name} = ${JSON.stringify(value).replace(/([$%])\{/g, "$1$1{")}`)
      .join(", ")} }`;
  }

  /** The preconditions of whatever would be replaced. */
  public preconditions(): { readonly condition: string; readonly errorMessage: string }[] {
    return [this.unchanged(), ...(this.range === undefined ? [] : [this.widened(this.range)])];
  }

  private widened({ name, cidr }: NonNullable<BirthProps["range"]>): { condition: string; errorMessage: string } {
    const [first, prefix] = cidr.split("/");
    const was = `terraform_data.${this.friendlyUniqueId}.output["${name}"]`;
    // The first address of the old range, in a range as large as the new one, is the new one's.
    const inside = `cidrhost("\${cidrhost(${was}, 0)}/${prefix}", 0) == "${first}" && tonumber(split("/", ${was})[1]) >= ${prefix}`;
    return {
      condition: `\${try(${inside}, true)}`,
      errorMessage: `${this.subject} cannot change ${name} from \${try(${was}, "")} to ${cidr}, which does not hold it: ${CANNOT}`,
    };
  }

  /** The precondition that all facts are as they were. */
  public unchanged(): { readonly condition: string; readonly errorMessage: string } {
    // As text and not as the token that cdktf has for it, which it would put into braces of its own here.
    const was = `try(terraform_data.${this.friendlyUniqueId}.output[name], value)`;
    const changes = `join(", ", [for name, value in ${this.facts} : "\${name} (\${${was}}) to \${value}" if ${was} != value])`;
    return {
      condition: `\${alltrue([for name, value in ${this.facts} : ${was} == value])}`,
      errorMessage: `${this.subject} cannot change \${${changes}}: ${CANNOT}`,
    };
  }
}
