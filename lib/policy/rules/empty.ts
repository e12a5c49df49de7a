import { isKnown } from "../../validation";
import { blocksOf, ciliumRules } from "../check/cilium-rules";
import { type Fault, type FieldPath, fieldOf, isFields, itemsOf } from "../check/fault";
import { isEmptySelector } from "../check/selectors";
import type { SoundPolicy } from "../source";

/** What is empty and means everything, or nothing, where the author most likely meant the other. */
export function emptyWarnings(policy: SoundPolicy): Fault[] {
  switch (policy.kind) {
    case "NetworkPolicy":
      return ofKubernetes(policy);
    case "CiliumNetworkPolicy":
    case "CiliumClusterwideNetworkPolicy":
      return ofCilium(policy);
    case "CiliumEgressGatewayPolicy":
      return ofGateway(policy);
    case "CiliumLocalRedirectPolicy":
      return ofRedirect(policy);
    case "CiliumLoadBalancerIPPool":
    case "CiliumL2AnnouncementPolicy":
      return ofServices(policy);
    default:
      return [];
  }
}

function ofKubernetes({ object }: SoundPolicy): Fault[] {
  const faults: Fault[] = [];
  for (const [direction, peers, whom] of [
    ["ingress", "from", "from everybody"],
    ["egress", "to", "to everybody"],
  ] as const)
    itemsOf(fieldOf(object["spec"], direction)).forEach((rule, index) => {
      const path = ["spec", direction, index];
      const given = fieldOf(rule, peers);
      if (Array.isArray(given) && isKnown(given) && given.length === 0)
        faults.push({
          path: [...path, peers],
          value: [],
          rule: `is empty, which allows ${whom}`,
          remedy: `leave it out where that is meant; for nobody, write ${direction}: []`,
        });
      const ports = fieldOf(rule, "ports");
      if (Array.isArray(ports) && isKnown(ports) && ports.length === 0)
        faults.push({
          path: [...path, "ports"],
          value: [],
          rule: "is empty, which allows every port",
          remedy: "leave it out where that is meant, or name the ports",
        });
    });
  const types = itemsOf(fieldOf(object["spec"], "policyTypes"));
  for (const [direction, type] of [
    ["ingress", "Ingress"],
    ["egress", "Egress"],
  ] as const)
    if (types.length > 0 && !types.includes(type) && itemsOf(fieldOf(object["spec"], direction)).length > 0)
      faults.push({
        path: ["spec", direction],
        rule: `has no effect, because policyTypes leaves ${type} out`,
        remedy: `add ${type} to policyTypes`,
      });
  return faults;
}

function ofCilium({ kind, object }: SoundPolicy): Fault[] {
  return ciliumRules(object).flatMap(({ rule, path }) => {
    const faults: Fault[] = [];
    const clusterwide = kind === "CiliumClusterwideNetworkPolicy";
    if (clusterwide && isEmptySelector(rule["endpointSelector"]))
      faults.push({
        path: [...path, "endpointSelector"],
        value: "{}",
        rule: "selects every pod of every namespace, kube-system's and Google's included",
        remedy: "leave those out, e.g. by matchExpressions of io.kubernetes.pod.namespace with NotIn",
      });
    for (const { block, path: at, incoming, denies } of blocksOf(rule, path)) {
      const peers = Object.keys(block).filter(
        (name) => name.startsWith(incoming ? "from" : "to") && name !== "toPorts",
      );
      for (const name of peers) {
        const value = block[name];
        if (!Array.isArray(value) || !isKnown(value)) continue;
        if (value.length === 0) faults.push(emptyList([...at, name], name, denies, incoming));
        if (denies && clusterwide && name.endsWith("Endpoints") && value.some(isEmptySelector))
          faults.push({
            path: [...at, name],
            rule: "holds an empty selector, which denies every pod of the cluster",
            remedy: "select those that are meant",
          });
      }
      itemsOf(block["toPorts"]).forEach((item, index) => {
        faults.push(...emptyRules(item, [...at, "toPorts", index]));
      });
    }
    return faults;
  });
}

function emptyList(path: FieldPath, name: string, denies: boolean, incoming: boolean): Fault {
  return {
    path,
    value: [],
    rule: `is empty, which ${denies ? "denies" : "allows"} nobody, and not everybody as an empty ${incoming ? "from" : "to"} does in a NetworkPolicy`,
    remedy: `write ${name.endsWith("Entities") ? "all" : "whom you mean"}, or leave the rule out`,
  };
}

function emptyRules(item: unknown, path: FieldPath): Fault[] {
  const rules = fieldOf(item, "rules");
  if (!isFields(rules)) return [];
  return ["http", "dns"].flatMap((name) => {
    const value = rules[name];
    if (!Array.isArray(value) || !isKnown(value) || value.length > 0) return [];
    return [
      {
        path: [...path, "rules", name],
        value: [],
        rule: "is empty, so that no request is named that would be allowed",
        remedy:
          name === "dns"
            ? 'write [{ matchPattern: "*" }] for all names'
            : "write [{}] for all requests, or leave rules out",
      },
    ];
  });
}

function ofGateway({ object }: SoundPolicy): Fault[] {
  return itemsOf(fieldOf(object["spec"], "selectors")).flatMap((selector, index) => {
    if (!isFields(selector)) return [];
    const { podSelector, namespaceSelector } = selector;
    const everyNamespace = namespaceSelector === undefined || isEmptySelector(namespaceSelector);
    if (!everyNamespace || (podSelector !== undefined && !isEmptySelector(podSelector))) return [];
    return [
      {
        path: ["spec", "selectors", index],
        rule: "selects every pod of every namespace: all of them leave through the gateway, or are dropped while it is away",
        remedy: "select pods or namespaces",
      },
    ];
  });
}

function ofRedirect({ object }: SoundPolicy): Fault[] {
  const path = ["spec", "redirectBackend", "localEndpointSelector"];
  if (!isEmptySelector(fieldOf(fieldOf(object["spec"], "redirectBackend"), "localEndpointSelector"))) return [];
  return [
    {
      path,
      value: "{}",
      rule: "takes every pod of the namespace for the backend",
      remedy: "select the backend's pods",
    },
  ];
}

function ofServices({ kind, object }: SoundPolicy): Fault[] {
  const selector = fieldOf(object["spec"], "serviceSelector");
  if (selector !== undefined && !isEmptySelector(selector)) return [];
  return [
    {
      path: ["spec", "serviceSelector"],
      rule:
        kind === "CiliumLoadBalancerIPPool"
          ? "is not set, so that every Service of type LoadBalancer takes its address here, those that Google's load balancers serve included (cilium/cilium#39805)"
          : "is not set, so that every Service is announced",
      remedy: "select the Services that are meant",
    },
  ];
}
