import type { EgressGatewayOptions } from "../cilium";
import type { GkeNodePoolOptions } from "../gke";
import { closest, isKnown, type Problem } from "../validation";
import type { DataplaneFacts } from "./facts";
import { minimumNodes } from "./self-managed";

/** The pool of the gateways, where the definition has it. */
function gatewayPool({ nodePools = [] }: DataplaneFacts, { nodePool }: EgressGatewayOptions) {
  const index = isKnown(nodePool) ? nodePools.findIndex(({ name }) => name === nodePool) : -1;
  const pool = nodePools[index];
  return pool === undefined ? undefined : { pool, property: `nodePools[${index}]` };
}

/** What is wrong with the pool of the gateways, named from the environment's definition. */
export function egressGatewayProblems(facts: DataplaneFacts, options: EgressGatewayOptions | undefined): Problem[] {
  if (options === undefined || !isKnown(options.nodePool) || facts.cluster?.autopilot === true) return [];
  const names = (facts.nodePools ?? []).map(({ name }) => name).filter(isKnown);
  const found = gatewayPool(facts, options);
  if (found === undefined) {
    // A pool whose name Terraform decides could be the one.
    if (names.length < (facts.nodePools ?? []).length) return [];
    const [meant] = closest(options.nodePool, names);
    return [
      {
        property: "dataplane.egressGateway.nodePool",
        value: options.nodePool,
        rule: `is no pool of this environment (${names.join(", ") || "there is none"})`,
        remedy: meant === undefined ? "name one of nodePools" : `did you mean ${meant}?`,
      },
    ];
  }
  const { pool, property } = found;
  const problems: Problem[] = [];
  const least = leastNodes(facts, pool);
  if (least !== undefined && least < 1)
    problems.push({
      property: `${property}.minNodes`,
      value: pool.minNodes ?? pool.minNodesPerZone ?? pool.nodeCountPerZone,
      rule: "lets the autoscaler take the last gateway, and what policies send through it is dropped: no pod waits for that node, so that none comes back",
      remedy: "set minNodes to 2, or to 1 where it may be gone for a while",
    });
  return problems;
}

/** What works, but not well, with the pool of the gateways. */
export function egressGatewayWarnings(facts: DataplaneFacts, options: EgressGatewayOptions | undefined): Problem[] {
  const found = options === undefined ? undefined : gatewayPool(facts, options);
  if (found === undefined) return [];
  const { pool, property } = found;
  const warnings: Problem[] = [];
  if (leastNodes(facts, pool) === 1)
    warnings.push({
      property: `${property}.minNodes`,
      value: pool.minNodes ?? pool.minNodesPerZone ?? pool.nodeCountPerZone,
      rule: "is one gateway: whenever its node is upgraded, repaired or lost, what policies send through it is dropped until another one is ready",
      remedy: "set minNodes to 2 or more",
    });
  if (isKnown(pool.taints ?? []) && (pool.taints ?? []).length === 0)
    warnings.push({
      property: `${property}.taints`,
      rule: "is empty on the pool of the gateways: any pod runs there, takes its bandwidth and makes it scale",
      remedy: 'write taints: [{ key: "egress-gateway", value: "true", effect: "NO_SCHEDULE" }]',
    });
  if (pool.spot === true)
    warnings.push({
      property: `${property}.spot`,
      value: true,
      rule: "takes gateways away with half a minute's notice, and every connection through them breaks",
      remedy: "leave it out",
    });
  return warnings;
}

function leastNodes(facts: DataplaneFacts, pool: GkeNodePoolOptions): number | undefined {
  return minimumNodes({ ...facts, nodePools: [pool] }, "kube-proxy-free");
}
