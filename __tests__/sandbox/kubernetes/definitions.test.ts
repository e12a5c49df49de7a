import { applyDefinitions } from "../../../sandbox/kubernetes/addons";
import { ApiError, type KubernetesClient, type KubernetesObject } from "../../../sandbox/kubernetes/client";

interface Definition extends KubernetesObject {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

/** An API server that keeps definitions, counts their changes, and establishes each after it was looked at a few times. */
function server(looks = 0) {
  const kept = new Map<string, { uid: string; generation: number; text: string; looks: number }>();
  const calls: string[] = [];
  let made = 0;
  const show = (at: string): Definition => {
    const one = kept.get(at);
    if (!one) throw new ApiError(404, "NotFound", at);
    one.looks += 1;
    const { uid, generation } = one;
    const conditions = one.looks > looks ? [{ type: "Established", status: "True" }] : [];
    return { metadata: { name: at.slice(at.lastIndexOf("/") + 1), uid, generation }, status: { conditions } };
  };
  const write = (at: string, text: string): void => {
    const before = kept.get(at);
    if (!before) kept.set(at, { uid: `uid-${++made}`, generation: 1, text, looks: 0 });
    else if (before.text !== text) kept.set(at, { ...before, text, generation: before.generation + 1 });
  };
  const client = {
    find: async (at: string) => {
      calls.push("find");
      return kept.has(at) ? show(at) : undefined;
    },
    get: async (at: string) => {
      calls.push("get");
      return show(at);
    },
    apply: async (at: string, object: object) => {
      calls.push("apply");
      write(at, JSON.stringify(object));
      return show(at);
    },
  };
  const during = async (work: () => Promise<void>): Promise<string[]> => {
    calls.length = 0;
    await work();
    return [...calls];
  };
  return { client: client as unknown as KubernetesClient, during, kept, write };
}

const WIDGETS = { kind: "CustomResourceDefinition", metadata: { name: "widgets" } };
const AT = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets";

test("a definition is written, and waited for until it is established", async () => {
  const { client, during } = server(3);
  expect(await during(() => applyDefinitions(client, [WIDGETS]))).toEqual(["find", "apply", "get", "get", "get"]);
});

test("what was written before is not written again", async () => {
  const { client, during } = server();
  const written = new Map<string, string>();
  await applyDefinitions(client, [WIDGETS], written);
  expect(await during(() => applyDefinitions(client, [WIDGETS], written))).toEqual(["find"]);
  // Whoever does not know what was written writes it.
  expect(await during(() => applyDefinitions(client, [WIDGETS]))).toEqual(["find", "apply"]);
});

test("what somebody has changed is put back, and what was deleted is there again", async () => {
  const { client, during, kept, write } = server();
  const written = new Map<string, string>();
  await applyDefinitions(client, [WIDGETS], written);
  write(AT, "of somebody else");
  expect(await during(() => applyDefinitions(client, [WIDGETS], written))).toEqual(["find", "apply"]);
  expect(kept.get(AT)?.text).toBe(JSON.stringify(WIDGETS));
  expect(await during(() => applyDefinitions(client, [WIDGETS], written))).toEqual(["find"]);
  kept.delete(AT);
  expect(await during(() => applyDefinitions(client, [WIDGETS], written))).toEqual(["find", "apply"]);
});

test("one that somebody made anew is put back, though nobody has changed it since", async () => {
  const { client, during, kept, write } = server();
  const written = new Map<string, string>();
  await applyDefinitions(client, [WIDGETS], written);
  kept.delete(AT);
  write(AT, "of somebody else");
  expect(await during(() => applyDefinitions(client, [WIDGETS], written))).toEqual(["find", "apply"]);
});
