import type { ResourceChange } from "../model/changes";
import { destroys } from "../model/changes";
import { isArray, type Value } from "../model/value";
import { lostZones } from "./cluster-part-rules";
import { takenName } from "./outcome";
import { after, before, eachChange, type Hit, type Rule, transition } from "./rule";
import type { Scene } from "./scene";

const POOL = ["google_container_node_pool"];

const NO_BUDGETS =
  "https://cloud.google.com/kubernetes-engine/docs/concepts/node-pools#deletion; https://github.com/terraform-google-modules/terraform-google-kubernetes-engine/issues/794";

export const POOL_LOSS_RULES: readonly Rule[] = [
  {
    id: "NP9",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A node pool is deleted",
    consequence:
      "All its nodes go. GKE drains them for an hour at most and does not respect PodDisruptionBudgets while it deletes a pool; pods that fit nowhere else stay pending, and what lies on local disks is lost.",
    remedy:
      "Cordon and drain the pool's nodes yourself first, with room for their pods elsewhere; delete the pool when it is empty.",
    source: NO_BUDGETS,
    check: eachChange(POOL, (change, scene) => (change.action === "delete" ? deleted(change, scene) : undefined)),
  },
  {
    id: "NP10",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "A node pool is replaced by a new one",
    consequence:
      "The new pool is made first, so capacity is there. Then the old one is deleted: its pods are evicted together, GKE does not respect PodDisruptionBudgets while it deletes a pool, and what lies on local disks is lost.",
    remedy:
      "Where budgets matter, keep both pools for a while: add the new one, drain the old one yourself, and remove it later.",
    source: NO_BUDGETS,
    check: eachChange(POOL, (change) => {
      if (change.action !== "replace" || change.order !== "create-first" || takenName(change) !== undefined)
        return undefined;
      const causes = change.replacePaths
        .map((steps) => steps.filter((step) => typeof step === "string").join("."))
        // A name that follows from what forces the replacement is none of its causes.
        .filter((path, _, all) => path !== "name" || all.length === 1);
      return `${poolName(change)}${causes.length > 0 ? ` because of ${causes.join(", ")}` : ""}`;
    }),
  },
  {
    id: "NP11",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A node pool loses a zone",
    consequence:
      "All its nodes in the zone are deleted at once. Volumes of that zone cannot be attached anywhere else, so what needs them stays pending; the remaining zones must carry the rest.",
    remedy: "Cordon and drain the nodes of the zone first, and move zonal volumes (snapshot, or a regional disk).",
    source: "https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#regional_persistent_disks",
    check: eachChange(POOL, (change) => {
      const zones = change.action === "update" ? lostZones(change) : [];
      return zones.length > 0 ? `${poolName(change)}: node_locations without ${zones.join(", ")}` : undefined;
    }),
  },
];

function deleted(change: ResourceChange, scene: Scene): Hit {
  const detail = `${poolName(change)} is deleted`;
  const around = scene.once("pools", change, () => {
    const pools = scene.neighbours(change, ...POOL);
    return {
      left: pools.filter((pool) => pool.before && pool.after && !destroys(pool)).length,
      fresh: pools.filter((pool) => pool.action === "create").map(poolName),
      lostClusters: new Set(
        scene
          .neighbours(change, "google_container_cluster")
          .filter(destroys)
          .map(({ stack }) => stack),
      ),
    };
  });
  if (around.lostClusters.has(change.stack)) return { detail: `${detail}, as its cluster is` };
  if (around.left > 0) return { detail };
  const [first, ...more] = around.fresh;
  const severity = "critical" as const;
  if (first === undefined) return { detail: `${detail}; no pool is left`, severity };
  const others = more.length > 0 ? ` and ${more.length} more` : "";
  return { detail: `${detail}; ${first}${others} is created, in no particular order`, severity };
}

/** Fewer nodes than run now: by what the autoscaler may keep at most, or by a number that is lowered. */
export function shrinks(change: ResourceChange): string | undefined {
  if (!change.before || !change.after || change.action !== "update") return undefined;
  const [count, now] = [before(change, "node_count"), after(change, "node_count")].map(asNumber);
  if (typeof count === "number" && typeof now === "number" && now < count) return transition("node_count", count, now);
  const [perZone, total] = [limit(change, "max_node_count"), limit(change, "total_max_node_count")];
  // A pool above a limit that stays is nothing that this change does.
  if (total.from === total.to && perZone.from === perZone.to) return undefined;
  // The provider writes 0 for the kind of limit that is not used.
  const kind = total.to > 0 ? "total" : perZone.to > 0 ? "zone" : "none";
  if (kind === "none") return typeof count === "number" ? undefined : withoutLimits(change, perZone.from, total.from);
  const zones = zonesOf(change);
  const most = kind === "total" ? total.to : perZone.to * zones;
  const path = kind === "total" ? "autoscaling.total_max_node_count" : "autoscaling.max_node_count";
  if (typeof count === "number") {
    if (count * zones <= most) return undefined;
    return kind === "total"
      ? `${path} is ${total.to}, and ${count * zones} nodes run`
      : `${path} is ${perZone.to}, and ${count} nodes per zone run`;
  }
  const [from, to] = kind === "total" ? [total.from, total.to] : [perZone.from, perZone.to];
  if (from > to) return transition(path, from, to);
  // The other kind of limit stood there before: both amount to a number of nodes.
  const old = kind === "total" ? perZone.from * zones : total.from;
  return from === 0 && old > most ? `${path} is ${to}: at most ${most} nodes, and ${old} so far` : undefined;
}

/** Nothing scales the pool any more, and a fixed number takes its place. */
function withoutLimits(change: ResourceChange, perZone: number, total: number): string | undefined {
  const now = asNumber(after(change, "node_count"));
  if (typeof now !== "number") return undefined;
  const zones = zonesOf(change);
  const most = total > 0 ? total : perZone * zones;
  return now * zones < most
    ? `autoscaling goes, and node_count is ${now}: ${now * zones} nodes, of up to ${most} so far`
    : undefined;
}

function limit(change: ResourceChange, name: string): { readonly from: number; readonly to: number } {
  const of = (value: Value | undefined) => asNumber(value) ?? 0;
  return { from: of(before(change, `autoscaling.${name}`)), to: of(after(change, `autoscaling.${name}`)) };
}

/** A number, also one that is written as text. */
function asNumber(value: Value | undefined): number | undefined {
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return typeof value === "number" ? value : undefined;
}

/** How many zones a pool is in now: its own, else one for a zonal location and three for a region. */
function zonesOf(change: ResourceChange): number {
  const own = before(change, "node_locations");
  if (isArray(own) && own.length > 0) return own.length;
  return /-[a-z]$/.test(String(before(change, "location"))) ? 1 : 3;
}

export function poolName(change: ResourceChange): string {
  const given = before(change, "name") ?? after(change, "name");
  return typeof given === "string" ? `pool ${given}` : change.address;
}
