/** What Terraform wants to do to one object. */
export interface PlannedChange {
  /** Address in the stack: `google_container_cluster.cluster`. */
  readonly address: string;
  readonly type: string;
  /** `create`, `update`, `delete`, `read`, or two of them for a replacement, in their order. */
  readonly actions: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** Attributes that force the replacement, as paths. */
  readonly replacePaths: readonly (readonly (string | number)[])[];
}

/** A plan of one stack. */
export interface Plan {
  readonly stack: string;
  /** Nothing would be done. */
  readonly isEmpty: boolean;
  /** Without reads and objects that stay. */
  readonly changes: readonly PlannedChange[];
  /** As Terraform shows it to people. */
  readonly text: string;
}

interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Record<string, unknown> | null;
      readonly after: Record<string, unknown> | null;
      readonly replace_paths?: readonly (readonly (string | number)[])[];
    };
  }[];
}

const NO_CHANGE = ["no-op", "read"];

/** The changes in what `terraform show -json` says about a saved plan. */
export function changesOf(json: string): PlannedChange[] {
  const { resource_changes = [] } = JSON.parse(json) as PlanJson;
  return resource_changes
    .filter(({ change }) => !change.actions.every((action) => NO_CHANGE.includes(action)))
    .map(({ address, type, change }) => ({
      address,
      type,
      actions: change.actions,
      before: change.before,
      after: change.after,
      replacePaths: change.replace_paths ?? [],
    }));
}

/** `update google_container_cluster.cluster`, for messages. */
export function describeChange({ actions, address }: PlannedChange): string {
  return `${actions.join(" then ")} ${address}`;
}
