import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ProjectBootstrapProps } from "./options";
import { ProjectBootstrap } from "./project-bootstrap";

/**
 * {@link ProjectBootstrap} as a stack, for an app of its own: it is not among the environments' stacks, so that no
 * `cdktf destroy 'prod-*'` ever meets the bucket with their state. Its state is a local file unless you give the stack
 * a backend.
 */
export class BootstrapStack extends TerraformStack {
  public readonly bootstrap: ProjectBootstrap;

  public constructor(scope: Construct, id: string, props: ProjectBootstrapProps) {
    super(scope, id);
    new GoogleProvider(this, "google", { project: props.project });
    this.bootstrap = new ProjectBootstrap(this, "bootstrap", props);
    const { deployer, previewer, github, stateBucket } = this.bootstrap;
    this.output("state_bucket", stateBucket.name, "StateBackend.gcs({ bucket })");
    this.output(
      "deployer",
      deployer.email,
      "Whom to deploy as: GOOGLE_IMPERSONATE_SERVICE_ACCOUNT; service-account of apply.yml",
    );
    this.output("previewer", previewer.email, "service-account of preview.yml");
    if (github !== undefined)
      this.output("workload_identity_provider", github.provider.name, "workload-identity-provider of both workflows");
  }

  private output(name: string, value: string, description: string): void {
    new TerraformOutput(this, name, { value, description }).overrideLogicalId(name);
  }
}
