import type { HelmValues } from "../cilium";
import { ARM_TAINT, commonVolumeDisks, needsArmToleration, untaintedPools } from "../facts/machines";
import { DEFAULT_MACHINE_TYPE } from "../gke/node-pool/effective";
import { isKnown, type Problem } from "../validation";
import type { DataplaneFacts } from "./facts";

/** A toleration as pods carry it. */
export interface Toleration {
  readonly key: string;
  readonly operator: "Equal" | "Exists";
  readonly value?: string;
  readonly effect: "NoSchedule" | "NoExecute";
}

const ARM: Toleration = { key: ARM_TAINT.key, operator: "Equal", value: ARM_TAINT.value, effect: "NoSchedule" };

/**
 * What pods that run on any node must tolerate to find one: Arm's taint, where all nodes that the author keeps open are
 * Arm. GKE taints these by itself (https://cloud.google.com/kubernetes-engine/docs/how-to/prepare-arm-workloads-for-deployment).
 */
export function podTolerations(facts: DataplaneFacts): readonly Toleration[] {
  return needsArmToleration(poolsOf(facts)) ? [ARM] : [];
}

/** Kinds of disk that a volume can be on whichever open node its pod runs on; undefined where that is not known. */
export function commonDisks(facts: DataplaneFacts): readonly string[] | undefined {
  return commonVolumeDisks(untaintedPools(poolsOf(facts)));
}

/** Values for the pods of Cilium that do not run on every node anyway. */
export function placementValues(facts: DataplaneFacts): HelmValues {
  const tolerations = podTolerations(facts).map((toleration) => ({ ...toleration }));
  if (tolerations.length === 0) return {};
  return { certgen: { tolerations }, hubble: { relay: { tolerations }, ui: { tolerations } } };
}

/** Pods that tolerate nothing need a node: GKE's own DNS is one of them, so that a cluster without is no use. */
export function placementWarnings(facts: DataplaneFacts): Problem[] {
  const pools = poolsOf(facts);
  if (pools.length === 0 || untaintedPools(pools).length > 0) return [];
  return [
    {
      property: "nodePools",
      value: pools.map(({ name }) => name),
      rule: "are all tainted: kube-dns, Hubble relay and whatever else tolerates nothing find no node, and Helm waits for them in vain",
      remedy: "leave one pool without taints, or give the pods tolerations",
    },
  ];
}

function poolsOf({ nodePools = [] }: DataplaneFacts) {
  if (!isKnown(nodePools)) return [];
  return nodePools.map(({ name, machineType, taints }) => ({
    name,
    machineType: isKnown(machineType) ? machineType : DEFAULT_MACHINE_TYPE,
    taints: isKnown(taints) ? taints : [],
  }));
}
