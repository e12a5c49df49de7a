import { blocksOf, type CiliumBlock, ciliumRules } from "../check/cilium-rules";
import { type FieldPath, type Fields, fieldOf, isFields, itemsOf } from "../check/fault";
import type { SoundPolicy } from "../source";
import {
  both,
  ciliumBlockMeans,
  ciliumPortsHold,
  kubernetesPeerMeans,
  kubernetesPortsHold,
  type Wanted,
} from "./peers";
import { type Answer, exampleOf, type Pod, selectsLabels, selectsPod } from "./selector";

export type Direction = "ingress" | "egress";

/** Something that a policy allows or denies in one direction. */
interface Rule {
  readonly path: FieldPath;
  readonly means: (wanted: Wanted) => Answer;
}

/** One rule set of a policy, whatever its kind: whom it is about, what it isolates them from and what it lets through. */
export interface Meaning {
  readonly policy: SoundPolicy;
  readonly path: FieldPath;
  /** The selector as it was written; undefined for every pod. */
  readonly selector: unknown;
  /** Whether it is about nodes and not about pods. */
  readonly ofNodes: boolean;
  readonly selects: (pod: Pod) => Answer;
  /** Whether what no policy allows is denied. */
  readonly isolates: Readonly<Record<Direction, boolean>>;
  readonly allows: Readonly<Record<Direction, readonly Rule[]>>;
  readonly denies: Readonly<Record<Direction, readonly Rule[]>>;
}

/** What stops a connection. */
export type Obstacle = { readonly by: Meaning; readonly path: FieldPath; readonly denied: boolean };

/** What policies mean; empty for kinds that let nothing through and stop nothing. */
export function meaningsOf(policy: SoundPolicy): Meaning[] {
  switch (policy.kind) {
    case "NetworkPolicy":
      return [ofKubernetes(policy)];
    case "FQDNNetworkPolicy":
      return [ofNames(policy)];
    case "CiliumNetworkPolicy":
    case "CiliumClusterwideNetworkPolicy":
      return ciliumRules(policy.object).map(({ rule, path }) => ofCilium(policy, rule, path));
    default:
      return [];
  }
}

function ofKubernetes(policy: SoundPolicy): Meaning {
  const spec: Fields = isFields(policy.object["spec"]) ? policy.object["spec"] : {};
  const namespace = policy.namespace ?? "";
  const types = itemsOf(spec["policyTypes"]);
  const egress = types.length > 0 ? types.includes("Egress") : itemsOf(spec["egress"]).length > 0;
  const rules = (direction: Direction, peers: string): Rule[] =>
    itemsOf(spec[direction]).map((rule, index) => ({
      path: ["spec", direction, index],
      means: (wanted) => {
        const items = itemsOf(fieldOf(rule, peers));
        let who: Answer = items.length === 0;
        for (const item of items) {
          const means = kubernetesPeerMeans(item, namespace, wanted.peer);
          if (means === true || (means === undefined && who === false)) who = means;
          if (who === true) break;
        }
        return both(who, kubernetesPortsHold(fieldOf(rule, "ports"), wanted));
      },
    }));
  return {
    policy,
    path: ["spec"],
    selector: spec["podSelector"],
    ofNodes: false,
    selects: (pod) => pod.namespace === namespace && selectsLabels(spec["podSelector"] ?? {}, pod.labels),
    isolates: { ingress: types.length === 0 || types.includes("Ingress"), egress },
    allows: { ingress: rules("ingress", "from"), egress: rules("egress", "to") },
    denies: { ingress: [], egress: [] },
  };
}

function ofNames(policy: SoundPolicy): Meaning {
  const selector = fieldOf(policy.object["spec"], "podSelector");
  return {
    policy,
    path: ["spec"],
    selector,
    ofNodes: false,
    selects: (pod) => pod.namespace === policy.namespace && selectsLabels(selector ?? {}, pod.labels),
    isolates: { ingress: false, egress: true },
    allows: { ingress: [], egress: [] },
    denies: { ingress: [], egress: [] },
  };
}

function ofCilium(policy: SoundPolicy, rule: Fields, path: FieldPath): Meaning {
  const { namespace } = policy;
  const blocks = blocksOf(rule, path);
  const ofNodes = rule["nodeSelector"] !== undefined;
  const selector = rule["endpointSelector"];
  const pick = (incoming: boolean, denies: boolean): Rule[] =>
    blocks
      .filter((each) => each.incoming === incoming && each.denies === denies)
      .map((each) => ({ path: each.path, means: (wanted) => blockMeans(each, namespace, wanted) }));
  const given = (incoming: boolean) => blocks.some((each) => each.incoming === incoming);
  const deniesByDefault = (direction: Direction, incoming: boolean) =>
    fieldOf(rule["enableDefaultDeny"], direction) !== false && given(incoming);
  return {
    policy,
    path,
    selector,
    ofNodes,
    selects: (pod) =>
      ofNodes || (namespace !== undefined && pod.namespace !== namespace) ? false : selectsPod(selector ?? {}, pod),
    isolates: { ingress: deniesByDefault("ingress", true), egress: deniesByDefault("egress", false) },
    allows: { ingress: pick(true, false), egress: pick(false, false) },
    denies: { ingress: pick(true, true), egress: pick(false, true) },
  };
}

function blockMeans({ block, incoming }: CiliumBlock, namespace: string | undefined, wanted: Wanted): Answer {
  return both(ciliumBlockMeans(block, incoming, namespace, wanted.peer), ciliumPortsHold(block["toPorts"], wanted));
}

/** All policies of a cluster, asked what they let through. */
export class PolicySet {
  public readonly meanings: readonly Meaning[];
  private readonly ofPods: Readonly<Record<Direction, readonly Meaning[]>>;
  private readonly allowing = new Map<string, readonly Meaning[]>();
  private readonly denying = new Map<string, readonly (readonly [Meaning, Rule])[]>();

  public constructor(policies: readonly SoundPolicy[]) {
    this.meanings = policies.flatMap(meaningsOf);
    const isolating = (direction: Direction) =>
      this.meanings.filter((each) => each.isolates[direction] && !each.ofNodes);
    this.ofPods = { ingress: isolating("ingress"), egress: isolating("egress") };
  }

  /**
   * What stops a pod's connection; undefined where it passes, or might: what cannot be told is no alarm.
   *
   * @param key Names what is wanted, so that it is looked for once for all pods.
   */
  public obstacle(pod: Pod, direction: Direction, wanted: Wanted, key: string, own?: Meaning): Obstacle | undefined {
    const denied = this.denials(direction, wanted, key).find(([meaning]) => meaning.selects(pod) === true);
    if (denied !== undefined) return { by: denied[0], path: denied[1].path, denied: true };
    const isolating = own ?? this.ofPods[direction].find((each) => each.selects(pod) === true);
    if (isolating === undefined) return undefined;
    const allowing = this.allowances(direction, wanted, key);
    if (allowing.includes(isolating) || allowing.some((each) => each.selects(pod) !== false)) return undefined;
    return { by: isolating, path: isolating.path, denied: false };
  }

  /** The same for nodes, as far as policies for nodes are about all of them. */
  public nodeObstacle(direction: Direction, wanted: Wanted, key: string): Obstacle | undefined {
    const denied = this.denials(direction, wanted, key).find(([{ ofNodes }]) => ofNodes);
    if (denied !== undefined) return { by: denied[0], path: denied[1].path, denied: true };
    const isolating = this.meanings.find((each) => each.ofNodes && each.isolates[direction]);
    if (isolating === undefined || this.allowances(direction, wanted, key).some(({ ofNodes }) => ofNodes))
      return undefined;
    return { by: isolating, path: isolating.path, denied: false };
  }

  private allowances(direction: Direction, wanted: Wanted, key: string): readonly Meaning[] {
    const known = this.allowing.get(key);
    if (known !== undefined) return known;
    const found = this.meanings.filter((each) => each.allows[direction].some((rule) => rule.means(wanted) !== false));
    this.allowing.set(key, found);
    return found;
  }

  private denials(direction: Direction, wanted: Wanted, key: string): readonly (readonly [Meaning, Rule])[] {
    const known = this.denying.get(key);
    if (known !== undefined) return known;
    const found = this.meanings.flatMap((each) => {
      const rule = each.denies[direction].find(({ means }) => means(wanted) === true);
      return rule === undefined ? [] : [[each, rule] as const];
    });
    this.denying.set(key, found);
    return found;
  }
}

/** A pod that a policy is about, with no label more than it asks for. */
export function exampleFor({ policy, selector }: Meaning, elsewhere: string): Pod {
  return exampleOf(selector ?? {}, policy.namespace ?? elsewhere);
}
