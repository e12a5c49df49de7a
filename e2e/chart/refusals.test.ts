import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type CiliumVersion,
  ciliumValuesProblems,
  gkeDefaultValues,
  type HelmValues,
  mergeValues,
} from "../../lib/cilium";
import { ROUTING_CASES, SERVICE_CASES } from "./cases/agent-rule-cases";
import { FEATURE_CASES } from "./cases/feature-cases";
import { GONE, hasToken, TYPES } from "./cases/refused";
import { CHART_CASES } from "./cases/rule-cases";
import { chartSubjects, refusal } from "./subjects";

/** Cases whose files or certificates only a cluster could bring, so that they cannot be rendered here. */
const NOT_RENDERED = new Set(["hubble.ui.tls.client.cert", "clustermesh.apiserver.tls.auto.certManagerIssuerRef"]);

const told = (values: HelmValues, version: CiliumVersion) =>
  ciliumValuesProblems(values, { version, baseValues: gkeDefaultValues() });
const rendered = (values: HelmValues) => mergeValues(gkeDefaultValues(), values);
const text = (values: HelmValues) => JSON.stringify(values);

for (const { version, chart } of chartSubjects()) {
  const isDefault = version.supportedMinor === "1.20";
  describe(`what Cilium ${version} refuses to render`, () => {
    for (const [path, broken, fine] of CHART_CASES.filter(([, ...values]) => !values.some(hasToken))) {
      it(`${path}: ${text(broken)} is refused here before, ${text(fine)} is not`, () => {
        const refused = refusal(chart, rendered(broken));
        // Rules that came with a later chart are told for the earlier ones too, where the agents would not start.
        if (isDefault) assert.notEqual(refused, undefined, "the chart takes it");
        if (refused !== undefined)
          assert.notEqual(told(broken, version).length, 0, `this library takes it: ${refused}`);
        if (isDefault && !NOT_RENDERED.has(path)) assert.equal(refusal(chart, rendered(fine)), undefined);
      });
    }

    for (const [broken, fine] of GONE) {
      it(`${text(broken)} is gone, ${text(fine)} is there`, () => {
        assert.notEqual(refusal(chart, broken), undefined, "the chart takes it");
        assert.equal(told(broken, version).length, 1);
        assert.deepEqual(told(fine, version), []);
        if (isDefault) assert.equal(refusal(chart, fine), undefined);
      });
    }

    for (const values of TYPES) {
      it(`${text(values)} is of the wrong type`, (test) => {
        const refused = refusal(chart, values);
        if (refused === undefined && !isDefault) return test.skip("this schema does not mind");
        assert.match(refused ?? "", /schema/i);
        assert.equal(told(values, version).length, 1);
      });
    }
  });

  if (isDefault)
    describe(`what the agent of ${version} refuses renders, so that nothing else would tell`, () => {
      for (const [path, , fine] of [...ROUTING_CASES, ...SERVICE_CASES, ...FEATURE_CASES].filter(
        ([, , values]) => !hasToken(values),
      ))
        it(`${path}: ${text(fine)} renders`, () => {
          assert.equal(refusal(chart, rendered(fine)), undefined);
        });
    });
}
