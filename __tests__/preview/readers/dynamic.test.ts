import { predicted, resources, said } from "../rules/crafted";

const taint = (key: string) => ({ key, value: "true", effect: "NO_EXECUTE" });
const CILIUM = {
  "helm_release.cilium": { name: "cilium", chart: "cilium", version: "1.20.2", namespace: "kube-system", values: [] },
};
const pool = (node_config: object, more: object = {}) =>
  resources(
    { ...CILIUM, "google_container_node_pool.p": { name: "p", cluster: "c", location: "l-a", node_config } },
    more as never,
  );
const dynamic = (for_each: unknown, more: object = {}) => ({
  dynamic: {
    taint: {
      for_each,
      content: { key: "${taint.value.key}", value: "${taint.value.value}", effect: "${taint.value.effect}" },
      ...more,
    },
  },
});
const startup = taint("node.cilium.io/agent-not-ready");
const actions = (stack: ReturnType<typeof predicted>) =>
  stack.resources.filter(({ kind }) => kind === "managed").map(({ address, action }) => `${address} ${action}`);

test("blocks that are made are the blocks they make", () => {
  const stack = predicted(pool({ taint: [startup] }), pool(dynamic([startup])));
  expect(actions(stack)).toEqual(["helm_release.cilium no-op", "google_container_node_pool.p no-op"]);
});

test("what they make is looked at by the rules: by a local, by a map, under another iterator's name", () => {
  const local = (all: unknown) => pool(dynamic("${local.taints}"), { locals: { taints: all } });
  expect(said(predicted(local([startup]), local([])))).toContain("NP5 high");
  expect(said(predicted(pool(dynamic({ a: startup })), pool(dynamic({}))))).toContain("NP5 high");
  const named = (all: unknown) =>
    pool(dynamic(all, { iterator: "t", content: { key: "${t.value.key}", effect: "${t.value.effect}" } }));
  expect(said(predicted(named([startup]), named([])))).toContain("NP5 high");
});

test("what nobody can tell stays as it is written, and a difference is a difference", () => {
  const unknown = (name: string) => pool(dynamic(`\${data.x_y.z.${name}}`));
  expect(actions(predicted(unknown("a"), unknown("a")))).toContain("google_container_node_pool.p no-op");
  expect(actions(predicted(unknown("a"), unknown("b")))).toContain("google_container_node_pool.p update");
});

test("a key of that name in a document is a key", () => {
  const manifest = (value: unknown) => resources({ "kubernetes_manifest.m": { manifest: { dynamic: value } } });
  expect(actions(predicted(manifest(true), manifest(false)))).toEqual(["kubernetes_manifest.m update"]);
  expect(actions(predicted(manifest({ a: { b: 1 } }), manifest({ a: { b: 2 } })))).toEqual([
    "kubernetes_manifest.m update",
  ]);
});

describe("what is not understood as a whole", () => {
  const address = (name: string, locals: object) =>
    resources({ "google_compute_address.a": { name, region: "r" } }, { locals } as never);

  test("is another value when what it refers to is", () => {
    const directive = "%{ if local.prod }a%{ else }b%{ endif }";
    expect(said(predicted(address(directive, { prod: true }), address(directive, { prod: false })))).toContain(
      "NW3 high",
    );
    expect(said(predicted(address(directive, { prod: true }), address(directive, { prod: true })))).toEqual([]);
  });

  test("nor is what a block is repeated over", () => {
    const each = (list: string[]) =>
      resources(
        { "google_compute_address.a": { name: "${each.key}", for_each: "${toset(compact(data.x_y.z.w, local.l))}" } },
        { locals: { l: list } } as never,
      );
    expect(actions(predicted(each(["a"]), each(["b"])))).toEqual(["google_compute_address.a[*] configure"]);
    expect(actions(predicted(each(["a"]), each(["a"])))).toEqual(["google_compute_address.a[*] no-op"]);
  });
});

test("numbers and booleans as text are what they say", () => {
  const sized = (node_count: unknown) =>
    resources({ "google_container_node_pool.p": { name: "p", cluster: "c", location: "l-a", node_count } });
  expect(said(predicted(sized("3"), sized("2")))).toEqual(["NP6 medium"]);
  const guarded = (deletion_protection: unknown) =>
    resources({ "google_container_cluster.c": { name: "c", location: "l", deletion_protection } });
  expect(said(predicted(guarded("true"), guarded("false")))).toEqual(["GK3 high"]);
  expect(said(predicted(guarded("true"), resources({})))).toContain("GK2 high");
});
