import { relative, resolve } from "node:path";
import { App, GcsBackend, LocalBackend, TerraformBackend, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import {
  type CheckTable,
  ConfigurationError,
  describeProblem,
  examine,
  nestProblems,
  type Problem,
  required,
  text,
} from "../validation";

/** Where {@link StateBackend.gcs} keeps the state. */
export interface GcsStateOptions {
  /** Name of an existing bucket. No default: names are global, and versioning and access are yours to decide. */
  readonly bucket: string;
  /**
   * Folder of the environment in the bucket. Each stack has a folder of its own below it: `<prefix>/<stack>`.
   *
   * @default - the environment's name
   */
  readonly prefix?: string;
}

/** Where an environment keeps its Terraform state. One state a stack, so that each can be planned and destroyed alone. */
export abstract class StateBackend {
  /**
   * Files beside the project, `terraform.<stack>.tfstate`: for trying things out, one person at a time.
   */
  public static local(): StateBackend {
    return new LocalState();
  }

  /** A Cloud Storage bucket, which locks the state while it is written. */
  public static gcs(options: GcsStateOptions): StateBackend {
    return new GcsState(options);
  }

  /**
   * Any other backend of Terraform: S3, Azure, Consul, HTTP, HCP Terraform.
   *
   * @example
   * StateBackend.custom((stack) => new S3Backend(stack, { bucket: "states", key: stack.node.id, region: "eu-west-1" }));
   *
   * @param make Makes the backend of one stack. Each stack must get a state of its own: let its id be part of the key.
   */
  public static custom(make: (stack: TerraformStack, environmentName: string) => TerraformBackend): StateBackend {
    return new CustomState(make);
  }

  /** What is wrong with the options. */
  public abstract problems(): Problem[];

  /** Sets the backend of one stack. */
  public abstract configure(stack: TerraformStack, environmentName: string): void;
}

/** Where each stack of an app keeps its state, and which stack that is. */
const statesOf = new WeakMap<IConstruct, Map<string, string>>();

/** @throws ConfigurationError where another stack of the app writes the same state: each would destroy what the other made. */
export function assertOwnState(stack: TerraformStack, environmentName: string): void {
  const [backend] = stack.node.children.filter((child) => TerraformBackend.isBackend(child));
  if (backend === undefined) return;
  const states = statesOf.get(stack.node.root) ?? new Map<string, string>();
  statesOf.set(stack.node.root, states);
  const place = JSON.stringify((backend as TerraformBackend).toTerraform());
  const other = states.get(place);
  states.set(place, stack.node.id);
  if (other !== undefined && other !== stack.node.id)
    throw new ConfigurationError([
      describeProblem(environmentName, {
        property: "backend",
        rule: `gives ${stack.node.id} the state of ${other}, so that each would destroy what the other made`,
        remedy: "let the id of the stack be part of the key: stack.node.id",
      }),
    ]);
}

class LocalState extends StateBackend {
  public problems(): Problem[] {
    return [];
  }

  public configure(stack: TerraformStack): void {
    // cdktf's own default is an absolute path, which makes the output of every machine different.
    const workingDirectory = resolve(App.of(stack).outdir, "stacks", stack.node.id);
    new LocalBackend(stack, { path: relative(workingDirectory, resolve(`terraform.${stack.node.id}.tfstate`)) });
  }
}

class CustomState extends StateBackend {
  public constructor(private readonly make: (stack: TerraformStack, environmentName: string) => TerraformBackend) {
    super();
  }

  public problems(): Problem[] {
    if (typeof this.make === "function") return [];
    return [
      {
        property: "backend",
        rule: "is not made by a function",
        remedy: "give StateBackend.custom((stack) => new S3Backend(stack, …))",
      },
    ];
  }

  public configure(stack: TerraformStack, environmentName: string): void {
    this.make(stack, environmentName);
    const made = stack.node.children.filter((child) => TerraformBackend.isBackend(child));
    if (made.length !== 1)
      throw new ConfigurationError([
        describeProblem(environmentName, {
          property: "backend",
          rule: `makes ${made.length} backends in ${stack.node.id}`,
          remedy: "make exactly one, in the stack that is given",
        }),
      ]);
  }
}

/** What the options must look like. */
export const GCS_STATE_OPTIONS: CheckTable<GcsStateOptions> = {
  bucket: required(
    text({
      matches: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
      rule: "is not a bucket name",
      remedy: "use 3 to 63 lower case letters, digits, dots, dashes and underscores, without gs://",
    }),
    "give the name of an existing bucket",
  ),
  prefix: text({
    matches: /^[^/\s](?:[^\s]*[^/\s])?$/,
    rule: "begins or ends with a slash, is empty or holds a space",
    remedy: "write it as a/b",
  }),
};

class GcsState extends StateBackend {
  public constructor(private readonly options: GcsStateOptions) {
    super();
  }

  public problems(): Problem[] {
    return nestProblems("backend", examine(this.options, GCS_STATE_OPTIONS).problems);
  }

  public configure(stack: TerraformStack, environmentName: string): void {
    const prefix = `${this.options.prefix ?? environmentName}/${stack.node.id}`;
    new GcsBackend(stack, { bucket: this.options.bucket, prefix });
  }
}
