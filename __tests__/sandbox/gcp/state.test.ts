import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STATE_FILE, StateFile } from "../../../sandbox/gcp/state/file";
import { Identity } from "../../../sandbox/gcp/state/identity";
import { policyNameOf, Store } from "../../../sandbox/gcp/state/store";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gcp-store-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const reopened = (): Store => new Store(new StateFile(directory));

describe("the store", () => {
  test("hands out copies: only put changes it", () => {
    const store = new Store();
    store.put("//a/b", { list: [1] });
    (store.get("//a/b")!["list"] as number[]).push(2);
    expect(store.get("//a/b")).toEqual({ list: [1] });
  });

  test("tells the members of a collection from what lies below them", () => {
    const store = new Store();
    for (const name of ["//s/c/a", "//s/c/a/d/e", "//s/c/b"]) store.put(name, {});
    expect(store.children("//s/c/").map(([name]) => name)).toEqual(["//s/c/a", "//s/c/b"]);
    expect(store.names("//s/c/")).toHaveLength(3);
  });

  test("forgets the policy of what is deleted", () => {
    const store = new Store();
    store.put("//s/a", {});
    store.put(policyNameOf("//s/a"), { version: 1 });
    store.delete("//s/a");
    expect(store.names("")).toEqual([]);
  });
});

describe("the file", () => {
  test("holds what was flushed, and nothing else lies beside it", async () => {
    const store = reopened();
    store.put("//s/a", { x: 1 });
    await Promise.all([store.flush(), store.flush()]);
    expect(reopened().get("//s/a")).toEqual({ x: 1 });
    expect(readdirSync(directory)).toEqual([STATE_FILE]);
  });

  test("is not written where nothing changed", async () => {
    await reopened().flush();
    expect(readdirSync(directory)).toEqual([]);
  });

  test("holds everything that was put while it was being written", async () => {
    const store = reopened();
    store.put("//s/a", {});
    const first = store.flush();
    store.put("//s/b", {});
    await Promise.all([first, store.flush()]);
    expect(JSON.parse(readFileSync(join(directory, STATE_FILE), "utf8"))).toMatchObject({
      resources: { "//s/a": {}, "//s/b": {} },
    });
  });

  test.each([
    ["is not JSON", "{", "is not JSON; delete it"],
    ["is of another version", '{"version":9}', "was written by another version"],
  ])("that %s is refused with the remedy", (_, text, message) => {
    writeFileSync(join(directory, STATE_FILE), text);
    expect(reopened).toThrow(message);
  });
});

describe("identifiers", () => {
  const identity = new Identity(new Store());

  test.each<[string, () => string, RegExp]>([
    ["id", () => identity.id(), /^1\d{18}$/],
    ["unique id", () => identity.uniqueId(), /^1\d{20}$/],
    ["fingerprint", () => identity.fingerprint(), /^[\w+/]{11}=$/],
    ["uuid", () => identity.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/],
    [
      "operation",
      () => identity.operation(1_732_233_600_000),
      /^operation-1732233600000-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}$/,
    ],
    ["suffix", () => identity.suffix(4), /^[a-z0-9]{4}$/],
  ])("%s has Google's form and is never the same", (_, make, form) => {
    const made = Array.from({ length: 50 }, make);
    for (const each of made) expect(each).toMatch(form);
    expect(new Set(made).size).toBe(50);
  });
});
