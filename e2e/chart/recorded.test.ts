import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CiliumVersion, ciliumValueProblems, ciliumValuesProblems, gkeDefaultValues } from "../../lib/cilium";
import { ValueReader } from "../../lib/cilium/rules/rule";
import { compareComposed, compareKeys } from "./agreement";
import { configurationsOf } from "./configurations";
import { type RecordedConfiguration, recordings } from "./recording";

// What the charts of other minors made of values, held against this library as it is today. No chart is needed.

for (const recording of recordings()) {
  const version = CiliumVersion.of(recording.version);
  describe(`the agents of Cilium ${version} were configured as the merged values say, when that was recorded`, () => {
    for (const { name, values, config } of recording.configurations)
      it(name, () => {
        assert.ok(compareKeys(config, new ValueReader(values, version)) > 100, "hardly a key was compared");
        compareComposed(config, new ValueReader(values, version));
        assert.deepEqual(ciliumValueProblems(values, version), []);
      });

    it("with the values of today, or it is said which differ", (test) => {
      const today = configurationsOf(version);
      const differing = recording.configurations.filter(
        ({ name, values }) => JSON.stringify(today[name]) !== JSON.stringify(values),
      );
      // No failure: the record holds for its own values. Whoever has the archives renews it.
      if (differing.length > 0)
        test.diagnostic(`recorded with other values than today's: ${differing.map(({ name }) => name).join("; ")}`);
      assert.ok(recording.configurations.length >= 5);
    });
  });

  describe(`what Cilium ${version} refused to render, when that was recorded`, () => {
    for (const { values, overDefaults, refused } of recording.refusals)
      it(`${JSON.stringify(values)}: ${refused ? "refused" : "taken"}`, () => {
        if (!refused) return;
        const options = { version, ...(overDefaults ? { baseValues: gkeDefaultValues() } : {}) };
        assert.notEqual(ciliumValuesProblems(values, options).length, 0, "this library takes it");
      });
  });

  for (const configuration of recording.configurations)
    describe(`Cilium ${version}, ${configuration.name}`, () => promises(configuration));
}

/** What is promised of every mode, seen in what was recorded. */
function promises({ config, workloads }: RecordedConfiguration): void {
  const workload = (name: string) => workloads.find((each) => each.name === name);

  it("leaves addresses to the nodes' ranges, and LoadBalancer Services to Google", () => {
    assert.equal(config["ipam"], "kubernetes");
    assert.equal(config["routing-mode"], "native");
    assert.equal(config["enable-lb-ipam"] ?? "false", "false");
    assert.match(config["agent-not-ready-taint-key"] ?? "", /agent-not-ready$/);
  });

  it("asks the agents for their health on loopback", () => {
    const agent = workload("DaemonSet/cilium")?.containers.find(({ name }) => name === "cilium-agent");
    const { health = "", ports = {} } = agent ?? {};
    const [, port = ""] = /^127\.0\.0\.1\/healthz:(.*)$/.exec(health) ?? [];
    assert.equal(ports[port] ?? Number(port), 9879, health);
  });

  it("is counted by the scheduler, container by container, and goes first", () => {
    for (const { name, containers } of workloads)
      for (const { name: container, requests, limits } of containers) {
        assert.ok(requests?.["cpu"] && requests["memory"], `${name}/${container}`);
        assert.equal(limits?.["cpu"], undefined, `${name}/${container}`);
      }
    assert.equal(workload("DaemonSet/cilium")?.priority, "system-node-critical");
    assert.equal(workload("Deployment/cilium-operator")?.priority, "system-cluster-critical");
  });

  it("leaves at most a tenth of the nodes without agent while a new one rolls out", () => {
    for (const name of ["cilium", "cilium-envoy"])
      assert.equal(workload(`DaemonSet/${name}`)?.maxUnavailable, "10%", name);
  });
}
