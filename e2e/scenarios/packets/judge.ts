import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HelmValues } from "../../../lib/cilium";
import { Dataplane, type KubeProxyFreeOptions } from "../../../lib/dataplane";
import { ciliumChart, ensure, run } from "../../../sandbox/toolchain";
import { API_SERVER, synthesizedRelease } from "../../chart/releases";
import { Rendered } from "../../chart/rendered";
import { check, checkMatches } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { Judge } from "../../rig/packets/judge/judge";
import { PacketRig } from "../../rig/packets/packet-rig";

type Values = NonNullable<KubeProxyFreeOptions["values"]>;

/** Masquerading by BPF, as GKE's metadata server needs it. */
const BPF = { bpfMasquerade: true, bpfHostLegacyRouting: true } as const;

/**
 * Options that the library accepts: the agent has to start with them. Not those for which it waits until an operator with
 * the same configuration has registered a kind, such as slices of endpoints: the judge's agent is alone.
 */
const ACCEPTED: Readonly<Record<string, KubeProxyFreeOptions>> = {
  "as shipped": {},
  "masquerading by BPF": BPF,
  "host firewall": { hostFirewall: true },
  maglev: { loadBalancing: { algorithm: "maglev", maglevTableSize: 1021 } },
  "limits and logs of the agents": {
    debug: ["flow"],
    apiRateLimits: { "endpoint-create": ["rate-limit:10/s", "rate-burst:20"], "endpoint-list": ["log:true"] },
    apiServerRate: { qps: 30, burst: 60 },
  },
  "what Hubble writes and hides": {
    hubble: { relay: true, export: { only: ['{"verdict":["DROPPED"]}'] }, redact: {} },
  },
  "Services by packet for pods": { socketLoadBalancing: { hostNamespaceOnly: true } },
};

/** Values with which the agent ends, and what it says. */
const REFUSED: Readonly<Record<string, readonly [values: Values, says: RegExp]>> = {
  "egress gateway without masquerading by BPF": [{ egressGateway: { enabled: true } }, /egress gateway requires/i],
};

/** Values as Helm gets them, of an environment with these options; or why it is refused at synth. */
function synthesized(bench: Bench, options: KubeProxyFreeOptions): HelmValues | string {
  const dataplane = Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, ...options });
  try {
    return synthesizedRelease({ ...bench.definition, dataplane }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The agents' configuration, by the real chart. */
async function configuration(values: HelmValues, apiServer: string): Promise<Readonly<Record<string, string>>> {
  const [{ helm }, { directory: chart }] = await Promise.all([ensure(["helm"]), ciliumChart()]);
  const directory = mkdtempSync(join(tmpdir(), "judge-"));
  try {
    const file = join(directory, "values.json");
    writeFileSync(file, JSON.stringify(values).replaceAll(API_SERVER, apiServer));
    const args = [
      "template",
      "cilium",
      chart,
      "--namespace",
      "kube-system",
      "--kube-version",
      "1.33.0",
      "--values",
      file,
    ];
    const { code, stdout, stderr } = await run(helm, args);
    check(code === 0, `helm template: ${stderr}`);
    return Rendered.parse(stdout).config;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function withJudge(title: string, work: (bench: Bench, rig: PacketRig, judge: Judge) => Promise<void>): Step {
  return {
    title,
    async run(bench) {
      const rig = await PacketRig.of(bench);
      const judge = await Judge.open(rig);
      try {
        await work(bench, rig, judge);
      } finally {
        await judge.close();
      }
    },
  };
}

/** The real agent says which values are wrong. */
export const PACKET_JUDGE: Scenario = {
  id: "packets-judge",
  title: "The real agent starts with what the library accepts, and ends with what it refuses",
  shows: "packets",
  real: true,
  proves: ["docs/sandbox.md: The real agent starts with what passes at synth, and ends with what is refused there."],
  environments: ["staging"],
  steps: [
    withJudge("it starts with values that pass at synth", async (bench, rig, judge) => {
      for (const [name, options] of Object.entries(ACCEPTED)) {
        const accepted = synthesized(bench, options);
        check(typeof accepted !== "string", `${name} is refused at synth: ${accepted}`);
        const verdict = await judge.judge(await configuration(accepted, rig.real.reserved[0] ?? ""));
        check(verdict.starts, `the agent does not start with ${name}: ${verdict.starts ? "" : verdict.why}`);
        remember(bench, "as shipped", recallOr(bench, accepted));
      }
      bench.note(Object.keys(ACCEPTED).join(", "));
    }),
    withJudge("it ends with values that are refused at synth", async (bench, rig, judge) => {
      for (const [name, [values, says]] of Object.entries(REFUSED)) {
        const refusal = synthesized(bench, { values });
        check(typeof refusal === "string", `${name} passes at synth`);
        const base = recall<HelmValues>(bench, "as shipped");
        const forced = { ...base, ...(values as HelmValues) };
        const verdict = await judge.judge(await configuration(forced, rig.real.reserved[0] ?? ""));
        check(!verdict.starts, `the agent starts with ${name}, which is refused at synth`);
        checkMatches(verdict.why, says, `what the agent says of ${name}`);
        bench.note(`${name}: ${verdict.why}`);
      }
    }),
  ],
};

/** What was remembered first stays. */
function recallOr(bench: Bench, values: HelmValues): HelmValues {
  try {
    return recall<HelmValues>(bench, "as shipped");
  } catch {
    return values;
  }
}
