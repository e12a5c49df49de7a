import { changesOf, describeChange } from "../../e2e/rig/plan";

const change = (address: string, actions: string[], more = {}) => ({
  address,
  type: address.split(".")[0],
  change: { actions, before: null, after: null, ...more },
});

test("objects that stay and data that is read are no changes", () => {
  const json = JSON.stringify({
    resource_changes: [
      change("google_container_cluster.a", ["no-op"]),
      change("data.google_client_config.a", ["read"]),
    ],
  });
  expect(changesOf(json)).toEqual([]);
});

test("a replacement keeps the order of its two halves and what forces it", () => {
  const json = JSON.stringify({
    resource_changes: [change("google_container_node_pool.a", ["create", "delete"], { replace_paths: [["name"]] })],
  });
  const [replaced] = changesOf(json);
  expect(replaced?.replacePaths).toEqual([["name"]]);
  expect(replaced && describeChange(replaced)).toBe("create then delete google_container_node_pool.a");
});

test("a plan without objects has no changes", () => {
  expect(changesOf("{}")).toEqual([]);
});
