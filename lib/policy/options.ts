import {
  type Check,
  type CheckTable,
  decided,
  decisive,
  flag,
  listOf,
  nested,
  text,
  UNKNOWN,
  withOtherNames,
} from "../validation";
import { POLICY_BASELINE, type PolicyBaseline } from "./baselines/options";
import type { PolicyObject } from "./types";

/** Policies of a cluster. */
export interface PoliciesOptions {
  /**
   * Directories, or single files, of YAML as kubectl takes it: `.yaml`, `.yml` and `.json`, those in directories below
   * included, several documents a file. Read from the working directory, which is where cdktf.json lies.
   *
   * @default - none
   */
  readonly directories?: readonly string[];

  /**
   * Policies as objects, in the words of their YAML.
   *
   * @default - none
   */
  readonly objects?: readonly PolicyObject[];

  /**
   * What namespaces begin with: default deny, isolation, the metadata server, names on the internet. Written as whatever
   * kinds of policies the dataplane enforces.
   *
   * @default - none
   */
  readonly baselines?: readonly PolicyBaseline[];

  /**
   * Namespace of objects that name none.
   *
   * @default "default"
   */
  readonly namespace?: string;

  /**
   * Make the namespaces that policies are in, where they are missing. They stay when the policies go, with everything in
   * them. `false` where something else makes them before.
   *
   * @default true
   */
  readonly createNamespaces?: boolean;

  /**
   * Take over policies of the same name that are there already, made with kubectl for one. Without, the deployment fails
   * and names them.
   *
   * @default false
   */
  readonly adopt?: boolean;
}

const namespaceName: Check = text({
  matches: /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  rule: "is not a namespace's name",
  remedy: "use at most 63 lower case letters, digits and -",
});

/** An object of which only that it is one is looked at here. */
const object: Check = {
  unknown: UNKNOWN.anything,
  shape: "fields",
  examine: (value, property) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? { problems: [], value }
      : {
          problems: [{ property, rule: "is no object", remedy: "write apiVersion, kind, metadata and spec in braces" }],
          value: UNKNOWN.anything(),
        },
};

const TABLE: CheckTable<PoliciesOptions> = {
  directories: decisive(listOf(decisive(text(), "its files are read at synth")), "their files are read at synth"),
  objects: decided(listOf(object, { repeats: true })),
  baselines: decided(listOf(nested(POLICY_BASELINE), { repeats: true })),
  namespace: decisive(namespaceName, "policies are told apart by it"),
  createNamespaces: decided(flag()),
  adopt: flag(),
};

/** What the options must look like. */
export const POLICIES_OPTIONS = withOtherNames(TABLE, {
  directory: "use directories, a list",
  files: "use directories, which takes single files, too",
  manifests: "use objects, or directories of YAML",
  policies: "use objects, or directories of YAML",
});
