import {
  type Check,
  type CheckTable,
  decided,
  decisive,
  flag,
  isKnown,
  listOf,
  recordOf,
  required,
  text,
  wholeNumber,
} from "../../validation";

/** What a set of namespaces begins with, in the words of what it is for and not of any kind of policy. */
export interface PolicyBaseline {
  /** The namespaces, each by its name. No default: a baseline for all would hold the system's own. */
  readonly namespaces: readonly string[];

  /**
   * Deny what no policy allows, in and out. DNS is allowed.
   *
   * @default true
   */
  readonly defaultDeny?: boolean;

  /**
   * Pods reach those of their own namespace, and only they and those of `from` reach them.
   *
   * @default false
   */
  readonly isolation?: boolean;

  /**
   * Namespaces whose pods reach those of an isolated namespace, too: an ingress controller's, the monitoring's.
   *
   * @default - none
   */
  readonly from?: readonly string[];

  /**
   * The label of pods that use Workload Identity, e.g. `{ "workload-identity": "true" }`: only they reach the metadata
   * server.
   *
   * @default - nobody reaches it with `defaultDeny`, and everybody without
   */
  readonly metadataServer?: Readonly<Record<string, string>>;

  /**
   * Names on the internet that pods may connect to; `*` stands for one part of a name, as in `*.googleapis.com`. Needs a
   * dataplane that knows names, and `defaultDeny`.
   *
   * @default - none
   */
  readonly internet?: readonly string[];

  /**
   * TCP ports of the names.
   *
   * @default [443]
   */
  readonly internetPorts?: readonly number[];
}

const LARGEST_PORT = 65535;

const namespaceName: Check = text({
  matches: /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  rule: "is not a namespace's name",
  remedy: "use at most 63 lower case letters, digits and -",
});

const domainName: Check = text({
  matches: /^(?=.{1,253}$)([-a-z0-9_*]+\.)+[-a-z0-9_]+$/i,
  rule: "is not a name on the internet",
  remedy: 'write one such as api.example.com or "*.example.com", without scheme and path',
});

const oneLabel: Check = {
  ...recordOf(text()),
  examine: (value, property) => {
    const examined = recordOf(text()).examine(value, property);
    if (examined.problems.length > 0 || !isKnown(value) || Object.keys(value as object).length === 1) return examined;
    const remedy = 'write one such as { "workload-identity": "true" }';
    return { problems: [{ property, rule: "is not one label with its value", remedy }], value: examined.value };
  },
};

const TOLD_APART = "policies are told apart by it";
const NAME_OR_PATTERN = "a name and a pattern are written otherwise";

/** What a baseline must look like. */
export const POLICY_BASELINE: CheckTable<PolicyBaseline> = {
  namespaces: required(
    decisive(listOf(decisive(namespaceName, TOLD_APART), { least: 1 }), TOLD_APART),
    "name the namespaces that it is for",
  ),
  defaultDeny: decided(flag()),
  isolation: decided(flag()),
  from: listOf(namespaceName),
  metadataServer: oneLabel,
  internet: decisive(listOf(decisive(domainName, NAME_OR_PATTERN), { least: 1 }), NAME_OR_PATTERN),
  internetPorts: listOf(wholeNumber({ from: 1, to: LARGEST_PORT }), { least: 1 }),
};
