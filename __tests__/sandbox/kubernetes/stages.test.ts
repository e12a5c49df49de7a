import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RELEASED_ANNOTATION, sandboxStages, WAITING_CONTAINERS } from "../../../sandbox/kubernetes/controllers";

describe("sandboxStages", () => {
  let directory: string;
  const stage = (name: string) => {
    const file = join(directory, `${name}.yaml`);
    writeFileSync(
      file,
      `kind: Stage\nmetadata: { name: ${name} }\nspec: { selector: { matchExpressions: [{ key: a, operator: Exists }] } }\n`,
    );
    return file;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stages-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("hold pods back whose init containers wait, and leave KWOK's other stages as they are", () => {
    const text = sandboxStages(["node-initialize", "pod-ready", "pod-delete"].map(stage));
    const stages = text.split("\n---\n").map((document) => JSON.parse(document) as StageObject);
    const expressions = Object.fromEntries(
      stages.map(({ metadata, spec }) => [metadata.name, spec.selector.matchExpressions.slice(1)]),
    );
    const key = ".spec.initContainers.[].name";
    expect(expressions).toEqual({
      "node-initialize": [{ key: ".status.nodeInfo.kubeletVersion", operator: "NotIn", values: [""] }],
      "pod-ready": [{ key, operator: "NotIn", values: WAITING_CONTAINERS }],
      "pod-ready-after-waiting": [
        { key, operator: "In", values: WAITING_CONTAINERS },
        { key: `.metadata.annotations["${RELEASED_ANNOTATION}"]`, operator: "Exists" },
      ],
      "pod-delete": [],
    });
  });

  test("are refused where KWOK no longer has the stage", () => {
    expect(() => sandboxStages([stage("node-initialize")])).toThrow("KWOK has no stage 'pod-ready'");
  });
});

interface StageObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector: { readonly matchExpressions: readonly object[] } };
}
