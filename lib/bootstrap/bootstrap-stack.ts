import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { StateBackend } from "../environment/state-backend";
import type { ProjectBootstrapProps } from "./options";
import { ProjectBootstrap } from "./project-bootstrap";

/** What {@link BootstrapStack} takes. */
export interface BootstrapStackProps extends ProjectBootstrapProps {
  /**
   * Where the state of this stack is kept. It can move into the bucket that the stack has made: give
   * `StateBackend.gcs({ bucket: stateBucket })` afterwards, and `terraform init -migrate-state` carries it over.
   *
   * @default StateBackend.local()
   */
  readonly backend?: StateBackend;
}

/**
 * {@link ProjectBootstrap} as a stack, for an app of its own: it is not among the environments' stacks, so that no
 * `cdktf destroy 'prod-*'` ever meets the bucket with their state.
 */
export class BootstrapStack extends TerraformStack {
  public readonly bootstrap: ProjectBootstrap;

  public constructor(scope: Construct, id: string, { backend, ...props }: BootstrapStackProps) {
    super(scope, id);
    (backend ?? StateBackend.local()).configure(this, "bootstrap");
    new GoogleProvider(this, "google", { project: props.project });
    this.bootstrap = new ProjectBootstrap(this, "bootstrap", props);
    const { deployer, previewer, github, stateBucket } = this.bootstrap;
    this.output("state_bucket", stateBucket.name, "StateBackend.gcs({ bucket })");
    this.output(
      "deployer",
      deployer,
      "Whom to deploy as: GOOGLE_IMPERSONATE_SERVICE_ACCOUNT; service-account of apply.yml",
    );
    this.output("previewer", previewer, "service-account of preview.yml");
    if (github !== undefined)
      this.output("workload_identity_provider", github.provider.name, "workload-identity-provider of both workflows");
  }

  private output(name: string, value: string, description: string): void {
    new TerraformOutput(this, name, { value, description }).overrideLogicalId(name);
  }
}
