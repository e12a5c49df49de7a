import { addedLabels, differencesOf, type ResourceChange } from "../../lib/adopt/differences";

function change(before: object, after: object, more: object = {}): ResourceChange {
  return {
    address: "google_container_node_pool.a",
    type: "google_container_node_pool",
    change: { actions: ["update"], before, after, after_unknown: {}, ...more },
  };
}
const paths = (given: ResourceChange, thorough?: boolean) => differencesOf(given, thorough).map(({ path }) => path);

test("attributes of a single block are told one by one, anything else as a whole", () => {
  const given = change(
    { name: "a", node_config: [{ spot: true, tags: ["x"] }], node_locations: ["a"], autoscaling: [] },
    {
      name: "a",
      node_config: [{ spot: true, tags: ["y"] }],
      node_locations: ["b"],
      autoscaling: [{ max_node_count: 3 }],
    },
  );
  expect(paths(given)).toEqual(["node_config[0].tags", "node_locations", "autoscaling"]);
});

test("what a provider reads back as nothing differs only where nothing else does", () => {
  const given = change(
    { node_config: [{ node_group: "", flex_start: false, labels: { "goog-a": "b" } }] },
    { node_config: [{ node_group: null, flex_start: null, labels: null }] },
  );
  expect(paths(given)).toEqual([]);
  expect(paths(given, true)).toEqual([
    "node_config[0].node_group",
    "node_config[0].flex_start",
    "node_config[0].labels",
  ]);
});

test("an empty block is something, and false where true was is, too", () => {
  expect(paths(change({ dns: [], a: true }, { dns: [{ enabled: false }], a: false }))).toEqual(["dns", "a"]);
});

test("what Terraform will only know later, timeouts and labels of the provider's are nobody's choice", () => {
  const given = change(
    { etag: "1", effective_labels: { a: "b" }, timeouts: null },
    { etag: null, effective_labels: { a: "b", environment: "corp" }, timeouts: { create: "60m" } },
    { after_unknown: { etag: true } },
  );
  expect(paths(given)).toEqual([]);
  expect(addedLabels(given)).toEqual({ environment: "corp" });
});

test("a path that makes the resource anew is told as such", () => {
  const given = change(
    { node_config: [{ spot: false, disk_size_gb: 50 }] },
    { node_config: [{ spot: true, disk_size_gb: 100 }] },
    { replace_paths: [["node_config", 0, "spot"]] },
  );
  expect(differencesOf(given).map(({ path, replaces }) => [path, replaces])).toEqual([
    ["node_config[0].spot", true],
    ["node_config[0].disk_size_gb", false],
  ]);
});
