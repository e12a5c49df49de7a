import type { ResourceChange } from "../model/changes";
import { before } from "./rule";

/** Whether one of these is switched on in what is there now. */
export function isOn(change: ResourceChange, ...paths: readonly string[]): boolean {
  return paths.some((path) => before(change, path) === true || before(change, path) === "true");
}
