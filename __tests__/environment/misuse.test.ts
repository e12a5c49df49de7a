import { App, HttpBackend, S3Backend, TerraformStack } from "cdktf";
import { Environment, environmentsProblems, hardened, StateBackend, synthesize } from "../../lib/environment";
import { handOver } from "../../lib/gitops";
import { environmentMatchers } from "../../lib/testing";
import { definition } from "../support/definition";

// What people write without types, or with a cast, gets one sentence and no TypeError.
const untyped = <T>(value: unknown) => value as T;
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

test.each([
  [undefined, "is missing"],
  [definition(), "is not a list"],
  ["staging", "is not a list"],
])("a list that is none (%p) is told by whoever takes one", (given, rule) => {
  expect(messageOf(() => environmentsProblems(untyped(given)))).toContain(`'definitions' ${rule}`);
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  try {
    expect(synthesize(untyped(given))).toBeUndefined();
  } finally {
    spy.mockRestore();
    process.exitCode = undefined;
  }
  expect(written.join("")).toContain(`'definitions' ${rule}`);
});

test.each([undefined, null, "staging"])("an environment that is none (%p) is told", (given) => {
  expect(messageOf(() => new Environment(new App(), untyped(given)))).toMatch(/is missing|is not an object/);
});

test("customize that is asynchronous is told, whatever becomes of it", async () => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  try {
    expect(synthesize([definition()], async () => Promise.reject(new Error("later")))).toBeUndefined();
    expect(process.exitCode).toBe(1);
  } finally {
    spy.mockRestore();
    process.exitCode = undefined;
  }
  expect(written.join("")).toContain("'customize' is asynchronous");
});

test("the hardened profile without keys names each", () => {
  const told = messageOf(() => hardened(definition(), untyped(undefined)));
  for (const name of ["secretsEncryptionKey", "bootDiskKmsKey", "securityGroup"])
    expect(told).toContain(`'hardened.${name}' is missing`);
});

test("a definition handed over in place of its environment is told", () => {
  expect(messageOf(() => handOver(untyped(definition()), { tool: "flux" }))).toContain(
    "'environment' is no Environment",
  );
});

test("a matcher says what is wrong where there is no environment at all", () => {
  const { pass, message } = environmentMatchers.toBeSound(untyped(undefined));
  expect([pass, message()]).toEqual([false, expect.stringContaining("what is no environment is not sound")]);
});

describe("a state that stacks share", () => {
  const s3 = (key: (id: string) => string) =>
    StateBackend.custom((stack) => new S3Backend(stack, { bucket: "b", key: key(stack.node.id), region: "r" }));

  test("within an environment is told, with both stacks", () => {
    const shared = definition({ backend: s3(() => "state") });
    expect(messageOf(() => new Environment(new App(), shared))).toContain(
      `'backend' gives ${shared.name}-networking the state of ${shared.name}-cluster`,
    );
  });

  test("between environments is told, too", () => {
    const app = new App();
    const backend = s3((id) => id.replace(/^.*-/, ""));
    new Environment(app, definition({ name: "one", backend }));
    expect(messageOf(() => new Environment(app, definition({ name: "two", backend })))).toContain(
      "'backend' gives two-cluster the state of one-cluster",
    );
  });

  test("is none where the stack's id is part of it, nor between two apps", () => {
    const backend = StateBackend.custom((stack) => new HttpBackend(stack, { address: `https://x/${stack.node.id}` }));
    for (const app of [new App(), new App()]) {
      new TerraformStack(app, "mine");
      expect(messageOf(() => new Environment(app, definition({ backend })))).toBe("");
    }
  });
});
