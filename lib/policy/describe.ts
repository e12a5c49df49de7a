import type { Manifest } from "../kubernetes";
import { isKnown, type Problem } from "../validation";
import { baselineObjects, knownOf } from "./baselines/objects";
import { baselineProblems } from "./baselines/problems";
import { type Fields, fieldOf, fieldText, isFields, textOf } from "./check/fault";
import { judgeObject, WRITTEN_BY_API_SERVER } from "./check/object";
import type { PolicyEnforcement } from "./enforcement";
import { namespaceManifests } from "./namespaces";
import type { PoliciesOptions } from "./options";
import { dataplaneFindings } from "./rules/findings";
import type { ClusterRanges } from "./rules/ranges";
import { type SoundPolicy, toldOf, type WrittenObject, writtenInCode } from "./source";
import type { PolicyObject } from "./types";
import type { FileContents } from "./yaml-text";

/** The reader of YAML comes with the first directory: most environments have none. */
function readFiles(paths: readonly string[], property: string): FileContents {
  if (paths.length === 0) return { objects: [], problems: [] };
  const { readPolicyFiles } = require("./yaml-files") as typeof import("./yaml-files");
  return readPolicyFiles(paths, property);
}

const DEFAULT_NAMESPACE = "default";
/** The newest definitions that are known, where nobody says which Cilium the cluster runs. */
const NEWEST = { major: 1, minor: 20 };

/** What is known of the cluster that policies are for. */
export interface PolicyContext {
  /**
   * Who enforces policies there, as a dataplane's description says it.
   *
   * @default - not known: policies are only compared with the newest definitions
   */
  readonly enforcement?: PolicyEnforcement;

  /**
   * Ranges of the cluster, as far as they are known.
   *
   * @default - not known
   */
  readonly ranges?: ClusterRanges;
}

/** What policies come to. */
export interface EffectivePolicies {
  /** The objects as they will be applied. */
  readonly manifests: readonly Manifest[];
  /** Namespaces that have to be there before. */
  readonly namespaces: readonly Manifest[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads policies, judges each by itself and all of them together. Nothing is thrown and nothing is created.
 *
 * @param property What the options are called in messages; empty for a construct's own props.
 */
export function describePolicies(
  options: PoliciesOptions,
  context: PolicyContext = {},
  property = "policies",
): EffectivePolicies {
  const under = (name: string) => (property === "" ? name : `${property}.${name}`);
  const files = readFiles(isKnown(options.directories) ? options.directories : [], under("directories"));
  const inCode = (isKnown(options.objects) ? options.objects : []).flatMap((object, index) =>
    // What is none was told by the options' own check.
    isKnown(object) && isFields(object) ? [writtenInCode(object, `${under("objects")}[${index}]`)] : [],
  );
  const baselines = (isKnown(options.baselines) ? options.baselines : []).filter((each) => isKnown(each.namespaces));
  const knowledge = knownOf(context.enforcement, context.ranges);
  const ofBaselines = baselines.flatMap((baseline, index) =>
    baselineObjects(baseline, knowledge).map((object) => writtenByBaseline(object, `${under("baselines")}[${index}]`)),
  );
  const problems: Problem[] = [
    ...files.problems,
    ...baselineProblems(baselines, context.enforcement, under("baselines")),
  ];
  const warnings: Problem[] = [];
  const sound: SoundPolicy[] = [];
  for (const written of [...ofBaselines, ...inCode, ...files.objects]) {
    const judged = judgeObject(written.object, context.enforcement?.ciliumVersion ?? NEWEST);
    problems.push(...toldOf(written, judged.faults));
    warnings.push(...toldOf(written, judged.warnings ?? []));
    if (judged.faults.length === 0) sound.push(inNamespace(written, judged.schema?.namespaced === true, options));
  }
  problems.push(...repeated(sound));
  const policies = sound.filter(({ kind }) => kind !== "Namespace");
  const found = dataplaneFindings(policies, context);
  return {
    manifests: policies.map(asManifest),
    namespaces: namespaceManifests(sound, options),
    problems: [...problems, ...found.problems],
    warnings: [...warnings, ...found.warnings],
  };
}

/** An object that nobody wrote: what is said of it is said of the baseline. */
function writtenByBaseline(object: PolicyObject, place: string): WrittenObject {
  const { kind, metadata } = object;
  const name = `${place} (${kind} ${metadata.name})`;
  return {
    object: object as unknown as Fields,
    place,
    isBaseline: true,
    nameOf: (path) => (path.length === 0 ? name : `${name} ${fieldText(path)}`),
  };
}

function inNamespace(written: WrittenObject, namespaced: boolean, options: PoliciesOptions): SoundPolicy {
  const metadata = written.object["metadata"];
  const own = fieldOf(metadata, "namespace");
  const given = isKnown(options.namespace) ? options.namespace : DEFAULT_NAMESPACE;
  const namespace = namespaced ? textOf(own ?? given) : undefined;
  const object =
    own !== undefined || namespace === undefined || !isFields(metadata)
      ? written.object
      : { ...written.object, metadata: { ...metadata, namespace } };
  return { ...written, object, kind: textOf(object["kind"]), namespace, name: textOf(fieldOf(metadata, "name")) };
}

function asManifest({ object }: SoundPolicy): Manifest {
  // What the API server writes it would be asked to take back.
  const { status: _, metadata, ...rest } = object;
  const own = Object.entries(isFields(metadata) ? metadata : {}).filter(
    ([name]) => !WRITTEN_BY_API_SERVER.includes(name),
  );
  return { ...rest, metadata: Object.fromEntries(own) } as unknown as Manifest;
}

/** Objects that are there twice: the second would silently take the first one's place. */
function repeated(policies: readonly SoundPolicy[]): Problem[] {
  const first = new Map<string, SoundPolicy>();
  return policies.flatMap((policy) => {
    const key = `${policy.kind}/${policy.namespace ?? ""}/${policy.name}`;
    const before = first.get(key);
    first.set(key, before ?? policy);
    if (before === undefined) return [];
    return [
      {
        property: policy.nameOf(["metadata", "name"]),
        value: policy.name,
        rule: `is the name of the ${policy.kind} at ${before.place} too`,
        remedy: "rename one, or merge the two",
      },
    ];
  });
}
