import type { JsonObject } from "../../../../sandbox/gcp/json";
import { messageOf, type TestCloud } from "../client";

/** A request that Google refuses: why, its body or what is special about it, and the words of the refusal. */
export type Case = readonly [why: string, body: JsonObject, words: string | RegExp];

/** Sends a request that must be refused, and must leave everything as it was. */
export async function expectRefused(
  cloud: TestCloud,
  method: string,
  path: string,
  body: JsonObject | undefined,
  words: string | RegExp,
  status = 400,
): Promise<void> {
  const before = cloud.simulator.resources();
  const answer = await cloud.call(method, path, body);
  expect([messageOf(answer), answer.status]).toEqual([
    typeof words === "string" ? expect.stringContaining(words) : expect.stringMatching(words),
    status,
  ]);
  expect(cloud.simulator.resources()).toEqual(before);
}
