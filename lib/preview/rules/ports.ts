import type { ResourceChange } from "../model/changes";
import { asBlocks, isArray, Opaque, type Value } from "../model/value";
import { after, before } from "./rule";

/** Ports of one protocol, both ends included; every port where none is named. */
interface Ports {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

const EVERY = { from: 0, to: 65_535 };

/** Ports that a firewall rule of Google's let in and no longer does, port by port, however its blocks are written. */
export function portsLost(change: ResourceChange): readonly string[] {
  const current = after(change, "allow");
  if (current instanceof Opaque || (isArray(current) && current.some((block) => block instanceof Opaque))) return [];
  const allowed = portsOf(current);
  if (allowed === undefined) return [];
  return (portsOf(before(change, "allow")) ?? [])
    .filter((old) => !allowed.some((now) => covers(now, old)))
    .map(({ protocol, from, to }) =>
      from === EVERY.from && to === EVERY.to ? protocol : `${protocol} ${from === to ? from : `${from}-${to}`}`,
    );
}

/** Undefined where a port is not known yet. */
function portsOf(allow: Value | undefined): readonly Ports[] | undefined {
  const found: Ports[] = [];
  for (const { protocol, ports } of asBlocks(allow)) {
    if (protocol instanceof Opaque || ports instanceof Opaque) return undefined;
    const named = isArray(ports) ? ports : [];
    if (named.length === 0) found.push({ protocol: String(protocol).toLowerCase(), ...EVERY });
    for (const port of named) {
      const [from, to = from] = String(port).split("-").map(Number);
      if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return undefined;
      found.push({ protocol: String(protocol).toLowerCase(), from, to });
    }
  }
  return found;
}

function covers(outer: Ports, inner: Ports): boolean {
  return (
    (outer.protocol === inner.protocol || outer.protocol === "all") && outer.from <= inner.from && inner.to <= outer.to
  );
}
