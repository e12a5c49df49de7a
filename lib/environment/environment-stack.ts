import { GoogleProvider } from "@cdktf/provider-google/lib/provider";

import type { Construct } from "constructs";
import type { DataplaneKind } from "../dataplane";
import { TerraformData } from "../terraform-data";
import type { SoundEnvironment } from "./effective";
import { type ProviderVersions, pinProviders } from "./provider-versions";
import { ResolvedStack } from "./resolved-stack";
import { assertOwnState } from "./state-backend";

const ENVIRONMENT_STACK = Symbol.for("cdktf-gke-cilium/EnvironmentStack");

/** Oldest Terraform that the stacks are tested with. OpenTofu reports a version above it. */
const REQUIRED_TERRAFORM = ">= 1.11.0";

/** What the three stacks of an environment have in common: its name in theirs, its state and the google provider. */
export abstract class EnvironmentStack extends ResolvedStack {
  /** Whether a construct is one, also when it comes from another copy of this package. */
  public static is(this: void, construct: unknown): construct is EnvironmentStack {
    return typeof construct === "object" && construct !== null && ENVIRONMENT_STACK in construct;
  }

  /** Name of the environment. */
  public readonly environmentName: string;
  /** Which dataplane the environment runs. */
  public readonly dataplaneKind: DataplaneKind;
  /** The one google provider of the stack. */
  public readonly googleProvider: GoogleProvider;
  private readonly providerVersions: ProviderVersions;

  protected constructor(
    scope: Construct,
    layer: "cluster" | "networking" | "monitoring",
    environment: SoundEnvironment,
  ) {
    super(scope, `${environment.name}-${layer}`);
    Object.defineProperty(this, ENVIRONMENT_STACK, { value: true });
    this.environmentName = environment.name;
    this.dataplaneKind = environment.dataplane.kind;
    this.providerVersions = environment.providers;
    environment.backend.configure(this, environment.name);
    assertOwnState(this, environment.name);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
    this.googleProvider = new GoogleProvider(this, "google", {
      project: environment.project,
      defaultLabels: { environment: environment.name, ...environment.labels },
    });
    // `cdktf destroy` begins with the last stack: without this it would take the network off a cluster that then turns out
    // to be protected. The cluster stack has the cluster itself to refuse.
    if (layer !== "cluster" && (environment.cluster.deletionProtection ?? true))
      new TerraformData(this, "deletion-protection", { lifecycle: { preventDestroy: true } });
  }

  /** When everything is there: only then is it known which providers the stack has. */
  public override prepareStack(): void {
    pinProviders(this, this.providerVersions);
    super.prepareStack();
  }
}
