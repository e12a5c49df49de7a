import { type CheckTable, decided, examine, flag, listOf, type Problem, text, wholeNumber } from "../validation";

export const DEFAULT_IMAGE = "docker.io/library/node:22-alpine";
export const DEFAULT_NAMESPACE = "kube-system";
export const DEFAULT_PATIENCE_SECONDS = 300;
export const DEFAULT_TIMEOUT_SECONDS = 3_600;

/** How pods that ran before Cilium are restarted. */
export interface ExistingPodsOptions {
  /**
   * Only say which pods would be restarted.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Namespaces whose pods are left. A pod is left, too, where it is labelled `cilium.io/restart-unmanaged=false`.
   *
   * @default - none
   */
  readonly excludedNamespaces?: readonly string[];

  /**
   * Seconds, 10 to 3,600, that a disruption budget is asked again, and that a replacement has to become ready. After that
   * the controller is left as it is and named in the report.
   *
   * @default 300
   */
  readonly patienceSeconds?: number;

  /**
   * Seconds for all of it, 60 to 86,400.
   *
   * @default 3600
   */
  readonly timeoutSeconds?: number;

  /**
   * Whether an apply waits until all is done, and fails where a pod that should have been restarted was not.
   *
   * @default false
   */
  readonly waitForCompletion?: boolean;

  /**
   * Any text; a new one runs the Job again.
   *
   * @default - runs once, and again where these options change
   */
  readonly run?: string;

  /**
   * Image with Node 20 or later. GKE's nodes pull Docker Hub's from its mirror.
   *
   * @default "docker.io/library/node:22-alpine"
   */
  readonly image?: string;
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What the options must look like. */
export const EXISTING_PODS_OPTIONS: CheckTable<ExistingPodsOptions> = {
  dryRun: decided(flag()),
  excludedNamespaces: decided(
    listOf(
      text({
        matches: DNS_LABEL,
        rule: "is no name of a namespace",
        remedy: "use lower case letters, digits and hyphens",
      }),
    ),
  ),
  patienceSeconds: wholeNumber({ from: 10, to: 3_600, remedy: "give a number of seconds" }),
  timeoutSeconds: wholeNumber({ from: 60, to: 86_400, remedy: "give a number of seconds" }),
  waitForCompletion: flag(),
  run: decided(text()),
  image: text({ matches: /^\S+$/, rule: "is no image", remedy: "name one that has Node 20 or later" }),
};

/** Everything that is wrong with the options. */
export function existingPodsProblems(given: ExistingPodsOptions): Problem[] {
  const { problems, options } = examine(given, EXISTING_PODS_OPTIONS);
  return [...problems, ...existingPodsRules(options)];
}

/** What is wrong beyond the kind of each option. */
export function existingPodsRules({ patienceSeconds, timeoutSeconds }: ExistingPodsOptions): Problem[] {
  const patience = patienceSeconds ?? DEFAULT_PATIENCE_SECONDS;
  const timeout = timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  if (!(patience > timeout)) return [];
  return [
    {
      property: patienceSeconds === undefined ? "timeoutSeconds" : "patienceSeconds",
      value: patienceSeconds ?? timeoutSeconds,
      rule: `leaves no time: one controller may take ${patience} s, and all of them ${timeout} s`,
      remedy: "make timeoutSeconds longer, or patienceSeconds shorter",
    },
  ];
}
