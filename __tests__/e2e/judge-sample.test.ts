import { Sampler, saysAgentEnds } from "../../e2e/rig/packets/judge/sample";
import { AGENT_PATHS, candidatesAt, RULED_PATHS } from "../../e2e/rig/packets/judge/settings";
import { gkeDefaultValues, mergeValues, nativeRoutingValues } from "../../lib/cilium";

const BASE = mergeValues(gkeDefaultValues(), nativeRoutingValues({ podsRange: "10.4.0.0/14" }), {
  kubeProxyReplacement: true,
  k8sServiceHost: "10.0.0.2",
});
const sampler = (seed: number) => new Sampler(seed, "kube-proxy-free", BASE, []);
const shown = (samples: readonly { settings: unknown }[]) => samples.map(({ settings }) => JSON.stringify(settings));

describe("configurations for the real agent", () => {
  test("are the same for the same seed, and others for another", () => {
    expect(shown(sampler(7).accepted(10))).toEqual(shown(sampler(7).accepted(10)));
    expect(shown(sampler(7).accepted(10))).not.toEqual(shown(sampler(8).accepted(10)));
  });

  test("pass where they are to pass, and all differ", () => {
    const samples = sampler(7).accepted(20);
    expect(samples.flatMap(({ problems }) => problems)).toEqual([]);
    expect(new Set(shown(samples)).size).toBe(20);
  });

  test("are refused for one reason, as often as is asked for, that speaks of agents", () => {
    const samples = sampler(7).refused(6, 1);
    expect(samples).toHaveLength(6);
    for (const { problems } of samples) expect(problems.map(saysAgentEnds)).toEqual([true]);
    expect(new Set(samples.map(({ problems: [problem] }) => `${problem?.property} ${problem?.rule}`)).size).toBe(6);
  });

  test("are drawn from what decides: what rules look at, and what becomes a flag", () => {
    expect(RULED_PATHS).toEqual(
      expect.arrayContaining(["bpf.masquerade", "egressGateway.enabled", "bpf.datapathMode"]),
    );
    expect(AGENT_PATHS).toEqual(expect.arrayContaining(["l7Proxy", "bpf.lbMapMax"]));
    expect(AGENT_PATHS).not.toContain("k8sServiceHost");
    for (const path of AGENT_PATHS) expect(candidatesAt(path).length).toBeGreaterThan(0);
  });
});
