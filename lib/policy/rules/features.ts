import { isKnown } from "../../validation";
import { blocksOf, ciliumRules } from "../check/cilium-rules";
import { type Fault, type FieldPath, type Fields, fieldOf, isFields, itemsOf } from "../check/fault";
import type { PolicyEnforcement, PolicyFeatures } from "../enforcement";
import type { SoundPolicy } from "../source";

/** What a policy asks for that the dataplane does not do. */
export function featureFaults(policy: SoundPolicy, { features }: PolicyEnforcement): Fault[] {
  if (policy.kind !== "CiliumNetworkPolicy" && policy.kind !== "CiliumClusterwideNetworkPolicy") return [];
  return ciliumRules(policy.object).flatMap(({ rule, path }) => {
    const faults: Fault[] = [];
    const needs = (feature: keyof Omit<PolicyFeatures, "rangesMatchNodes">, at: FieldPath) => {
      const has = features[feature];
      if (has !== true) faults.push({ path: at, ...has });
    };
    if (rule["nodeSelector"] !== undefined) needs("hostPolicies", [...path, "nodeSelector"]);
    for (const { block, path: at } of blocksOf(rule, path)) {
      for (const name of ["fromNodes", "toNodes"]) if (block[name] !== undefined) needs("nodeSelectors", [...at, name]);
      const mode = fieldOf(block["authentication"], "mode");
      if (mode !== undefined && mode !== "disabled") needs("authentication", [...at, "authentication"]);
      if (block["toFQDNs"] !== undefined) needs("dns", [...at, "toFQDNs"]);
      itemsOf(block["toPorts"]).forEach((item, index) => {
        if (isFields(item) && isKnown(item))
          for (const [feature, field] of layer7(item)) needs(feature, [...at, "toPorts", index, ...field]);
      });
    }
    return faults;
  });
}

function layer7(item: Fields): [feature: "http" | "dns", field: FieldPath][] {
  const rules = isFields(item["rules"]) ? item["rules"] : {};
  return [
    ...(rules["http"] !== undefined ? ([["http", ["rules", "http"]]] as ["http", FieldPath][]) : []),
    ...(rules["dns"] !== undefined ? ([["dns", ["rules", "dns"]]] as ["dns", FieldPath][]) : []),
    ...["serverNames", "listener", "terminatingTLS", "originatingTLS"].flatMap((name) =>
      item[name] === undefined ? [] : ([["http", [name]]] as ["http", FieldPath][]),
    ),
  ];
}
