import type { CiliumMode } from "../../../lib/cilium";
import { check } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import { Court } from "../../rig/packets/judge/court";
import type { Sample } from "../../rig/packets/judge/sample";
import type { Setting } from "../../rig/packets/judge/settings";
import { PacketRig } from "../../rig/packets/packet-rig";

const SENTENCE =
  "docs/sandbox.md: The real agent starts with what passes at synth, and ends where a refusal at synth says that agents do not start.";
const MODES: readonly CiliumMode[] = ["kube-proxy-free", "cni-chaining"];
const DEFAULT_SEED = 20;

/** What is asked about first, in every run, in both modes where it passes. */
const ALWAYS: readonly (readonly Setting[])[] = [
  [],
  [
    ["bpf.masquerade", true],
    ["bpf.hostLegacyRouting", true],
  ],
  [["hostFirewall.enabled", true]],
  [["loadBalancer.algorithm", "maglev"]],
  [["egressGateway.enabled", true]],
];

/** Brings values before the agent: these, and others that are drawn. */
function court(
  mode: CiliumMode,
  { accepted, refused, perReason }: { accepted: number; refused: number; perReason: number },
  seed: number,
): Step {
  return {
    title: `${mode}: ${accepted} configurations that pass at synth, and up to ${refused} with which agents do not start`,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const session = await Court.open(bench, rig, mode);
      const wrong: string[] = [];
      const count = { agreed: 0, disagreed: 0, "not judged": 0 };
      const lacking = new Map<string, number>();
      try {
        const sampler = session.sampler(seed);
        const always = ALWAYS.map((settings) => sampler.sampleOf(settings));
        const samples = [...always, ...sampler.refused(refused, perReason), ...sampler.accepted(accepted)];
        for (const [number, sample] of samples.entries()) {
          bench.progress(`${number + 1} of ${samples.length}`);
          const finding = await session.hear(sample);
          count[finding.outcome] += 1;
          if (finding.outcome === "disagreed") wrong.push(`${written(sample)}: ${finding.why}`);
          if (finding.outcome === "not judged") lacking.set(finding.why, (lacking.get(finding.why) ?? 0) + 1);
        }
      } finally {
        await session.close();
      }
      bench.note(`seed ${seed}: ${count.agreed} agreed, ${count.disagreed} did not, ${count["not judged"]} not judged`);
      for (const [why, times] of lacking) bench.note(`not judged ${times} times: ${why}`);
      check(wrong.length === 0, `the agent sees it otherwise:\n${wrong.join("\n")}`);
    },
  };
}

function written({ settings, problems }: Sample): string {
  const values = settings.map(([path, value]) => `${path}=${JSON.stringify(value)}`).join(" ") || "as shipped";
  return problems.length === 0 ? values : `${values} (refused: ${problems.map(({ property }) => property).join(", ")})`;
}

/** A number that somebody asks for by a variable. */
function asked(variable: string, otherwise: number): number {
  const text = process.env[variable];
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${variable} is '${text}', not a whole number`);
  return Number(text);
}

/** The real agent says which values are wrong. */
export const PACKET_JUDGE_DRAWN: Scenario = {
  id: "packets-judge-drawn",
  title: "Values are drawn: the real agent starts with what passes, and ends where a refusal says so",
  shows: "packets",
  real: true,
  slow: true,
  proves: [SENTENCE],
  // Its agents need definitions and an API server, which every own Cilium's cluster has: staging has most to show already.
  environments: ["dev"],
  steps: MODES.map((mode) => court(mode, { accepted: 6, refused: 5, perReason: 1 }, DEFAULT_SEED)),
};

/** The same with many more configurations: `npm run judge`, with `JUDGE_SAMPLE` of each kind and `JUDGE_SEED`. */
export const PACKET_JUDGE_SAMPLE: Scenario = {
  id: "packets-judge-sample",
  title: "The same of hundreds of configurations",
  shows: "packets",
  real: true,
  byName: { minutes: 20 },
  proves: [SENTENCE],
  environments: ["staging"],
  steps: MODES.map((mode) => {
    const sample = asked("JUDGE_SAMPLE", 100);
    return court(mode, { accepted: sample, refused: sample, perReason: 3 }, asked("JUDGE_SEED", DEFAULT_SEED));
  }),
};
