import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { describeEnvironment } from "../../lib/environment";
import { definition } from "../support/definition";
import { WRITTEN_VALUES, type WrittenValue } from "./options";

/** What the library says of options that a write-up goes by. */
function told(kind: WrittenValue["dataplane"], options: object) {
  const make = Dataplane[kind ?? "kubeProxyFree"] as (given: KubeProxyFreeOptions) => Dataplane;
  const { problems, dataplane } = describeEnvironment(definition({ dataplane: make(options) }));
  return { problems, values: dataplane?.release?.values };
}

/** Egress gateways need a pool of their own, which the definition here has not. */
const notOfPools = (problem: string) => !/nodePool|nodePools/.test(problem);

describe.each(WRITTEN_VALUES)("$written", ({ beside, dataplane, today, typed, values }) => {
  test("is answered", () => {
    const { problems } = told(dataplane, { ...beside, values });
    if (today === "as it is") expect(problems).toEqual([]);
    else if ("refused" in today) expect(problems.some((problem) => problem.includes(`; ${today.refused}`))).toBe(true);
  });

  if (typed !== undefined)
    test(`is ${typed.option}`, () => {
      const answer = told(dataplane, typed.given ?? {});
      expect(answer.problems.filter(notOfPools)).toEqual([]);
      expect(answer.values).toMatchObject(typed.value);
    });
});
