import { type Check, examine, oneOf, required, text } from "../validation";
import { DERIVED_KEYS, type OverridablePath } from "./derived-keys";

/**
 * Something that is refused on GKE because it breaks ordinary clusters, and can be accepted by name by those who have
 * arranged for it.
 *
 * - `direct-server-return`: answers of pods straight from their own node. Google's network drops packets whose source is
 *   another node's address, unless the machines may forward, which GKE's may not.
 * - `l2-announcements`: ARP announcements. A VPC routes; nodes own a /32, and the fabric answers ARP.
 * - `load-balancer-ipam`: Cilium's address management for every LoadBalancer Service without a class. It takes the
 *   addresses away that Google's controller gave.
 * - `override:<key>`: a value of one's own in place of one that the dataplane derives, e.g. `override:ipam.mode`.
 */
export type CiliumRisk =
  | "direct-server-return"
  | "l2-announcements"
  | "load-balancer-ipam"
  | `override:${OverridablePath}`;

/** A risk with the reason for taking it, which stands among the warnings. */
export interface AcceptedRisk {
  readonly risk: CiliumRisk;
  /** Why it is none here, in a sentence for who reads the summary. No default: it is what an override is accepted by. */
  readonly reason: string;
}

const OVERRIDE = "override:";

/** Every risk that can be accepted. */
export const CILIUM_RISKS: readonly CiliumRisk[] = [
  "direct-server-return",
  "l2-announcements",
  "load-balancer-ipam",
  ...Object.entries(DERIVED_KEYS)
    .filter(([, { canBeAccepted }]) => canBeAccepted)
    .map(([path]) => `${OVERRIDE}${path}` as CiliumRisk),
];

/** Risks as they are accepted: by name, or with a reason. */
export type RiskAcceptance = CiliumRisk | AcceptedRisk;

/** Name of an accepted risk. */
export function riskOf(acceptance: RiskAcceptance): CiliumRisk {
  return typeof acceptance === "string" ? acceptance : acceptance.risk;
}

/** Whether a risk is accepted. */
export function isAccepted(accept: readonly RiskAcceptance[], risk: CiliumRisk): boolean {
  return accept.some((acceptance) => riskOf(acceptance) === risk);
}

/** A risk by name, or with its reason; overrides need one. */
export function riskAcceptance(): Check {
  const risk = oneOf(CILIUM_RISKS);
  const table = {
    risk: required(risk, `name it: ${CILIUM_RISKS.slice(0, 3).join(", ")} and so on`),
    reason: required(text(), "say why it is no risk here"),
  };
  return {
    unknown: risk.unknown,
    examine: (value, property) => {
      if (typeof value === "string") {
        const examined = risk.examine(value, property);
        if (examined.problems.length > 0 || !value.startsWith(OVERRIDE)) return examined;
        return {
          problems: [
            {
              property,
              value,
              rule: "needs a reason",
              remedy: `write { risk: "${value}", reason: "..." }`,
            },
          ],
          value: examined.value,
        };
      }
      if (typeof value !== "object" || value === null || Array.isArray(value)) return risk.examine(value, property);
      const { problems, options } = examine<AcceptedRisk>(value, table);
      return {
        problems: problems.map((problem) => ({
          ...problem,
          property: problem.property === "options" ? property : `${property}.${problem.property}`,
        })),
        value: options,
      };
    },
  };
}
