import { TerraformResource, type TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";

export interface TerraformDataConfig {
  /** Stored in the state, and readable as `output` after the apply. */
  readonly input?: Readonly<Record<string, string>>;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/**
 * `terraform_data`: something that lives in the state alone.
 *
 * cdktf's own class for it runs `terraform version` twice at each synth, for each of them, and fails where there is no
 * Terraform (cdktf 0.21, `lib/terraform-data-resource.js`). The stacks demand a version of Terraform of their own.
 */
export class TerraformData extends TerraformResource {
  private readonly input?: Readonly<Record<string, string>>;

  public constructor(scope: Construct, id: string, { input, lifecycle }: TerraformDataConfig) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
      lifecycle,
    });
    this.input = input;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.input };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    if (this.input === undefined) return {};
    return { input: { value: this.input, isBlock: false, type: "map", storageClassType: "stringMap" } };
  }
}
