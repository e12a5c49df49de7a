import { Token } from "cdktf";
import { type Manifest, manifestKey, manifestProblems } from "../../lib/kubernetes";

const object = (over: Partial<Manifest> = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "b" },
  ...over,
});

const told = (...manifests: Manifest[]) =>
  manifestProblems(manifests).map(({ property, rule }) => `${property} ${rule}`);

describe("manifestKey", () => {
  test.each<[Manifest, string]>([
    [object(), "ConfigMap/b/a"],
    [object({ metadata: { name: "a" } }), "ConfigMap/a"],
    [object({ apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy" }), "CiliumNetworkPolicy.cilium.io/b/a"],
  ])("%j is %s", (manifest, key) => {
    expect(manifestKey(manifest)).toBe(key);
  });

  test("stays the same when the version moves on", () => {
    const at = (version: string) => manifestKey(object({ apiVersion: `cilium.io/${version}`, kind: "X" }));
    expect(at("v2alpha1")).toBe(at("v2"));
  });
});

describe("manifestProblems", () => {
  test("takes objects that differ in kind, group, namespace or name", () => {
    expect(
      told(
        object(),
        object({ kind: "Secret" }),
        object({ apiVersion: "x.io/v1" }),
        object({ metadata: { name: "a", namespace: "c" } }),
        object({ metadata: { name: "system:metrics.x-y", namespace: "b" } }),
      ),
    ).toEqual([]);
  });

  test.each<[string, Manifest, string]>([
    ["no apiVersion", object({ apiVersion: "" }), "manifests[0].apiVersion is missing"],
    ["no kind", object({ kind: "" }), "manifests[0].kind is missing"],
    ["no name", object({ metadata: { name: "" } }), "manifests[0].metadata.name is missing"],
    [
      "a token for a name",
      object({ metadata: { name: Token.asString({}) } }),
      "manifests[0].metadata.name is a token, so nobody can tell at synth which object this is",
    ],
    [
      "a bad name",
      object({ metadata: { name: "A_b" } }),
      "manifests[0].metadata.name is not a name that Kubernetes takes",
    ],
    [
      "a name that is too long",
      object({ metadata: { name: "a".repeat(254) } }),
      "manifests[0].metadata.name is not a name that Kubernetes takes",
    ],
    [
      "a bad namespace",
      object({ metadata: { name: "a", namespace: "b.c" } }),
      "manifests[0].metadata.namespace is not a namespace's name",
    ],
    ["a list", object({ kind: "List", items: [] }), "manifests[0].kind is a list of objects"],
  ])("refuses %s", (_what, manifest, message) => {
    expect(told(manifest)).toEqual([message]);
  });

  test("refuses an object without metadata, as hand-written YAML may have it", () => {
    expect(told({ apiVersion: "v1", kind: "X" } as unknown as Manifest)).toEqual([
      "manifests[0].metadata.name is missing",
    ]);
  });

  test("refuses the same object twice, in whatever version", () => {
    expect(told(object({ apiVersion: "x.io/v1" }), object({ apiVersion: "x.io/v2" }))).toEqual([
      "manifests[1] is the same object as manifests[0]",
    ]);
  });
});
