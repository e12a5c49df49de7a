import { blocksOf, ciliumRules } from "../check/cilium-rules";
import { type Fault, itemsOf } from "../check/fault";
import type { SoundPolicy } from "../source";

/** Entities that the pod's own node is one of. */
const WITH_HOST = ["host", "cluster", "all"];

/**
 * Denials that the kubelet's probes fall under. What the node itself sends its pods is allowed by the agent beside every policy
 * (pkg/policy/repository.go:491), and a denial comes before it.
 */
export function probeWarnings({ kind, object }: SoundPolicy): Fault[] {
  if (kind !== "CiliumNetworkPolicy" && kind !== "CiliumClusterwideNetworkPolicy") return [];
  return ciliumRules(object).flatMap(({ rule, path }) =>
    rule["nodeSelector"] !== undefined
      ? []
      : blocksOf(rule, path).flatMap(({ block, path: at, incoming, denies }) => {
          const isNarrow = itemsOf(block["toPorts"]).length > 0 || itemsOf(block["icmps"]).length > 0;
          if (!incoming || !denies || isNarrow) return [];
          return itemsOf(block["fromEntities"]).flatMap((entity, index): Fault[] =>
            WITH_HOST.some((each) => each === entity)
              ? [
                  {
                    path: [...at, "fromEntities", index],
                    value: entity,
                    rule: "holds the pods' own node, from which the kubelet's probes come: whoever has one never becomes ready",
                    remedy: "deny world or remote-node, or ports that no probe uses",
                  },
                ]
              : [],
          );
        }),
  );
}
