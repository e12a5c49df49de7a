import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ValueReader } from "../../lib/cilium/rules/rule";
import { compareComposed, compareKeys } from "./agreement";
import { ROUTING_CASES, SERVICE_CASES } from "./cases/agent-rule-cases";
import { FEATURE_CASES } from "./cases/feature-cases";
import { configurationsOf } from "./configurations";
import { chartSubjects, refusal, render } from "./subjects";

for (const { version, chart } of chartSubjects()) {
  describe(`the agents of Cilium ${version} are configured as the merged values say`, () => {
    for (const [name, values] of Object.entries(configurationsOf(version)))
      it(name, () => {
        const { config } = render(chart, values);
        assert.ok(compareKeys(config, new ValueReader(values, version)) > 100, "hardly a key was compared");
        compareComposed(config, new ValueReader(values, version));
      });
  });

  if (version.supportedMinor === "1.20")
    describe(`rules see what the agents of Cilium ${version} are told`, () => {
      for (const [path, broken, fine] of [...ROUTING_CASES, ...SERVICE_CASES, ...FEATURE_CASES])
        it(`${path}: ${JSON.stringify(broken)}`, (test) => {
          const renderable = [broken, fine].filter((values) => refusal(chart, values) === undefined);
          if (renderable.length === 0) return test.skip("the chart renders neither");
          for (const values of renderable)
            compareComposed(render(chart, values).config, new ValueReader(values, version));
        });
    });
}
