import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { RELEASED_ANNOTATION, WAITING_CONTAINERS } from "./held-pods";

interface MatchExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Stage {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector: { readonly matchExpressions: readonly MatchExpression[] } };
}

/** KWOK's stage that makes a node ready. */
const NODE_READY = "node-initialize";
/** KWOK's stage that makes a pod run. */
const POD_READY = "pod-ready";
const INIT_CONTAINERS = ".spec.initContainers.[].name";

/**
 * KWOK's stages as one text for its `--config`. A node becomes ready only after the sandbox has written its addresses and
 * size, which KWOK would make up otherwise. Pods whose init containers wait for their node are left out of the stage
 * that makes pods run, and have one of their own that also asks for the mark of being released.
 *
 * @param files KWOK's own stage files.
 */
export function sandboxStages(files: readonly string[]): string {
  const stages = files.map((file) => parseDocument(readFileSync(file, "utf8")).toJS() as Stage);
  for (const name of [NODE_READY, POD_READY])
    if (!stages.some((stage) => stage.metadata.name === name))
      throw new Error(`KWOK has no stage '${name}' among ${files.join(", ")}`);
  const all = stages.flatMap((stage) => {
    if (stage.metadata.name === NODE_READY) return [afterStatus(stage)];
    return stage.metadata.name === POD_READY ? splitPodReady(stage) : [stage];
  });
  // JSON is YAML.
  return all.map((stage) => JSON.stringify(stage)).join("\n---\n");
}

function afterStatus(stage: Stage): Stage {
  const version = { key: ".status.nodeInfo.kubeletVersion", operator: "NotIn", values: [""] };
  return withExpressions(stage, NODE_READY, [version]);
}

function splitPodReady(stage: Stage): Stage[] {
  return [
    withExpressions(stage, POD_READY, [{ key: INIT_CONTAINERS, operator: "NotIn", values: WAITING_CONTAINERS }]),
    withExpressions(stage, `${POD_READY}-after-waiting`, [
      { key: INIT_CONTAINERS, operator: "In", values: WAITING_CONTAINERS },
      { key: `.metadata.annotations["${RELEASED_ANNOTATION}"]`, operator: "Exists" },
    ]),
  ];
}

function withExpressions(stage: Stage, name: string, more: readonly MatchExpression[]): Stage {
  const { selector } = stage.spec;
  return {
    ...stage,
    metadata: { ...stage.metadata, name },
    spec: { ...stage.spec, selector: { ...selector, matchExpressions: [...selector.matchExpressions, ...more] } },
  };
}
