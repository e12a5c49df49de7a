import { type EffectiveRelease, effectiveValue, writtenAs } from "../cilium";
import { isKnown, type Problem } from "../validation";
import type { DataplaneFacts } from "./facts";

/** MTU of a VPC that nobody gave another one. */
const DEFAULT_MTU = 1460;

/** What is wrong with an MTU that the author gives the agents: packets above the network's own are lost, not cut. */
export function mtuProblems({ network }: DataplaneFacts, release: EffectiveRelease): Problem[] {
  const mtu = Number(effectiveValue(release, "MTU"));
  // The MTU of a VPC that was there before is not known.
  if (!isKnown(effectiveValue(release, "MTU")) || network.existingNetwork !== undefined) return [];
  const most = network.mtu ?? DEFAULT_MTU;
  if (!isKnown(most) || !(mtu > most)) return [];
  return [
    {
      property: `dataplane.${writtenAs(release, "MTU")}`,
      value: mtu,
      rule: `is above 'network.mtu' (${most}): larger packets would be lost on their way`,
      remedy: "leave it out, or raise network.mtu",
    },
  ];
}
