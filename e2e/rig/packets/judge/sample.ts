import {
  type CiliumMode,
  ciliumValuesProblems,
  type HelmValues,
  mergeValues,
  type RiskAcceptance,
} from "../../../../lib/cilium";
import type { Problem } from "../../../../lib/validation";
import { Random } from "./random";
import { AGENT_PATHS, candidatesAt, RULED_PATHS, type Setting } from "./settings";

/** What our rules make of values, without asking anybody. */
export interface Sample {
  readonly settings: readonly Setting[];
  readonly values: HelmValues;
  /** What is refused at synth; nothing where the values pass. */
  readonly problems: readonly Problem[];
}

const MOST_SETTINGS = 4;
/** So many are drawn at most, however many are wanted. */
const MOST_DRAWS = 6_000;

/** Words with which a rule says that the agent ends. */
const AGENT_ENDS = /agents? (do|does) not start/;

/** What a refusal says of the agent: that it ends. */
export function saysAgentEnds({ rule }: Problem): boolean {
  return AGENT_ENDS.test(rule);
}

/** Values of the chart, drawn from what decides whether an agent starts; the same for the same seed. */
export class Sampler {
  private readonly random: Random;
  private readonly drawn = new Set<string>();

  /** @param base What the mode's release consists of without values of one's own. */
  public constructor(
    seed: number,
    private readonly mode: CiliumMode,
    private readonly base: HelmValues,
    private readonly accept: readonly RiskAcceptance[],
  ) {
    this.random = new Random(seed);
  }

  /** Values that pass at synth. */
  public accepted(count: number): Sample[] {
    return this.find(count, ({ problems }) => problems.length === 0);
  }

  /**
   * Values that are refused for one reason alone: that the agent ends.
   *
   * @param count How many at most; fewer where the draws are used up.
   * @param perReason How many of them may have the same reason.
   */
  public refused(count: number, perReason: number): Sample[] {
    const reasons = new Map<string, number>();
    return this.find(count, ({ problems: [problem, ...others] }) => {
      if (problem === undefined || others.length > 0 || !saysAgentEnds(problem)) return false;
      const reason = keyOf(problem);
      const seen = reasons.get(reason) ?? 0;
      reasons.set(reason, seen + 1);
      return seen < perReason;
    });
  }

  private find(count: number, isWanted: (sample: Sample) => boolean): Sample[] {
    const found: Sample[] = [];
    for (let draws = 0; found.length < count && draws < MOST_DRAWS; draws += 1) {
      const sample = this.draw();
      const key = JSON.stringify(sample.settings);
      if (this.drawn.has(key) || !isWanted(sample)) continue;
      this.drawn.add(key);
      found.push(sample);
    }
    return found;
  }

  private draw(): Sample {
    const { random } = this;
    const settings = new Map<string, Setting>();
    for (let number = random.below(MOST_SETTINGS) + 1; number > 0; number -= 1) {
      const path = random.one(random.next() < 0.7 ? RULED_PATHS : AGENT_PATHS);
      settings.set(path, [path, random.one(candidatesAt(path))]);
    }
    return this.sampleOf([...settings.values()]);
  }

  /** What our rules make of some settings. */
  public sampleOf(settings: readonly Setting[]): Sample {
    const { mode, base: baseValues, accept } = this;
    const values = settings.reduce<HelmValues>((all, setting) => mergeValues(all, nested(setting)), {});
    return { settings, values, problems: ciliumValuesProblems(values, { mode, baseValues, accept }) };
  }
}

/** What a refusal is known by: the key and its rule. */
export function keyOf({ property, rule }: Problem): string {
  return `${property} ${rule}`;
}

function nested([path, value]: Setting): HelmValues {
  return path
    .split(".")
    .reverse()
    .reduce<unknown>((below, name) => ({ [name]: below }), value) as HelmValues;
}
