import {
  CILIUM_RISKS,
  type CiliumMode,
  type HelmValues,
  mergeValues,
  type RiskAcceptance,
} from "../../../../lib/cilium";
import { Dataplane } from "../../../../lib/dataplane";
import { synthesizedRelease } from "../../../chart/releases";
import type { Bench } from "../../bench";
import type { PacketRig } from "../packet-rig";
import { configuration } from "./configuration";
import { Judge } from "./judge";
import { type Sample, Sampler, saysAgentEnds } from "./sample";

/** What the kernel of this machine may lack: what the agent then says is no verdict on values. */
const LACKING: readonly (readonly [what: string, says: RegExp])[] = [
  ["WireGuard", /wireguard/i],
  ["the queueing discipline fq", /\bfq\b|qdisc/i],
  ["netkit", /netkit/i],
  ["IPv6", /ipv6.*not supported|address family not supported/i],
];

/**
 * Values with which agents wait until an operator with the same values has registered a kind: the judge's agent is alone. The
 * last four are those with which the chart sets `enable-envoy-config`.
 */
const FOR_AN_OPERATOR: Readonly<Record<string, unknown>> = {
  "ciliumEndpointSlice.enabled": true,
  "localRedirectPolicies.enabled": true,
  "envoyConfig.enabled": true,
  "ingressController.enabled": true,
  "gatewayAPI.enabled": true,
  "loadBalancer.l7.backend": "envoy",
};

/** Everything that can be accepted: what GKE makes of it is no business of the agent's. */
const ACCEPT: readonly RiskAcceptance[] = CILIUM_RISKS.map((risk) => ({ risk, reason: "an agent is asked" }));

/** What became of a sample. */
export type Finding =
  | { readonly outcome: "agreed"; readonly why?: string }
  | { readonly outcome: "disagreed"; readonly why: string }
  | { readonly outcome: "not judged"; readonly why: string };

const MAKE = {
  "kube-proxy-free": (values: HelmValues) =>
    Dataplane.kubeProxyFree({ hubble: { relay: true, ui: true }, accept: ACCEPT, values }),
  "cni-chaining": (values: HelmValues) =>
    Dataplane.cniChaining({ hubble: { relay: true, ui: true }, accept: ACCEPT, values }),
} as const;

/** Brings samples of one mode before the real agent, and compares what it says with what is said at synth. */
export class Court {
  private constructor(
    private readonly bench: Bench,
    private readonly rig: PacketRig,
    private readonly judge: Judge,
    public readonly mode: CiliumMode,
    private readonly base: HelmValues,
  ) {}

  public static async open(bench: Bench, rig: PacketRig, mode: CiliumMode): Promise<Court> {
    const { values } = synthesizedRelease({ ...bench.definition, dataplane: MAKE[mode]({}) });
    return new Court(bench, rig, await Judge.open(rig), mode, values);
  }

  public sampler(seed: number): Sampler {
    return new Sampler(seed, this.mode, this.base, ACCEPT);
  }

  public close(): Promise<void> {
    return this.judge.close();
  }

  /** Asks everybody: whoever writes these values, the chart, and the agent. */
  public async hear(sample: Sample): Promise<Finding> {
    const refusal = this.refusal(sample.values);
    if ((refusal === undefined) !== (sample.problems.length === 0))
      return { outcome: "disagreed", why: `synth says ${refusal ?? "nothing"}, its rules alone do not` };
    const rendered = await configuration(mergeValues(this.base, sample.values), this.rig.real.reserved[0] ?? "");
    if ("chartRefuses" in rendered)
      return refusal === undefined
        ? { outcome: "disagreed", why: `passes at synth, and the chart refuses: ${rendered.chartRefuses}` }
        : { outcome: "not judged", why: `the chart refuses: ${rendered.chartRefuses.slice(0, 200)}` };
    const verdict = await this.judge.judge(rendered.config);
    const says = sample.problems.find(saysAgentEnds);
    if (verdict.starts)
      return says
        ? { outcome: "disagreed", why: `the agent starts, though '${says.property}' is refused: it ${says.rule}` }
        : { outcome: "agreed" };
    const waits = sample.settings.some(([path, value]) => value !== undefined && FOR_AN_OPERATOR[path] === value);
    if (verdict.kinds !== undefined && waits)
      return { outcome: "not judged", why: `here no operator with these values registers ${verdict.kinds}` };
    const lacking = LACKING.find(([, words]) => words.test(verdict.why));
    if (lacking) return { outcome: "not judged", why: `this machine has no ${lacking[0]}: ${verdict.why}` };
    return refusal === undefined
      ? { outcome: "disagreed", why: `passes at synth, and the agent does not start: ${verdict.why}` }
      : { outcome: "agreed", why: verdict.why };
  }

  /** What is said at synth of an environment with these values. */
  private refusal(values: HelmValues): string | undefined {
    try {
      synthesizedRelease({ ...this.bench.definition, dataplane: MAKE[this.mode](values) });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
