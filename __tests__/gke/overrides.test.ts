import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GkeNodePool } from "../../lib/gke";
import { googleAttributeProblems } from "../support/google-attributes";
import { createCluster, only, synth } from "./synth";

const PAGE = readFileSync(join(__dirname, "../../docs/overrides.md"), "utf8").replaceAll("\r\n", "\n");

/** The lines of a section: path and value of each override. */
function overrides(section: string): [string, unknown][] {
  const text = PAGE.split(/^## /m).find((each) => each.startsWith(section)) ?? "";
  return [...text.matchAll(/`addOverride\("([^"]+)", (.*)\)` \|$/gm)].map(([, path, value]) => [
    path as string,
    JSON.parse(value as string),
  ]);
}

test.each([
  ["The cluster", 10],
  ["A node pool", 8],
] as const)("every line of %p is one that the provider knows", (section, count) => {
  const lines = overrides(section);
  expect(lines).toHaveLength(count);
  for (const [path, value] of lines) {
    const json = synth((stack) => {
      const cluster = createCluster(stack);
      const pool = new GkeNodePool(stack, "pool", { cluster, name: "general", maxNodes: 9 });
      (section === "The cluster" ? cluster.cluster : pool.nodePool).addOverride(path, value);
    });
    expect([path, googleAttributeProblems(json)]).toEqual([path, []]);
    const type = section === "The cluster" ? "google_container_cluster" : "google_container_node_pool";
    expect(path.split(".").reduce((here, step) => here?.[step], only(json, type))).toEqual(value);
  }
});
