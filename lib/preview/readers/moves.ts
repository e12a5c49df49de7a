import type { ConfiguredResource } from "../model/changes";
import { addressOf } from "./resolve";

export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Terraform takes `x` and `x[0]` for one object where `count` was added or taken away, without a `moved` block. */
export function impliedMoves(
  old: ReadonlyMap<string, ConfiguredResource>,
  current: ReadonlyMap<string, ConfiguredResource>,
): readonly Move[] {
  return [...current].flatMap(([to, block]) => {
    if (block.kind !== "managed" || old.has(to) || block.repeated || (block.key !== undefined && block.key !== 0))
      return [];
    const from = addressOf({ ...block, key: block.key === 0 ? undefined : 0 });
    return old.has(from) && !current.has(from) ? [{ from, to }] : [];
  });
}
