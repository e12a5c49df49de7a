import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentReporter } from "../../../sandbox/terminal";
import { programPath } from "../../../sandbox/toolchain/build";
import { ensure, toolchainStatus } from "../../../sandbox/toolchain/ensure";

describe("ensure", () => {
  let cache: string;
  const reporter = silentReporter();
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "toolchain-"));
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  const pretendBuilt = (name: "helm" | "etcd") => {
    const path = programPath(name, cache);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    return path;
  };

  test("returns what an earlier run built without building", async () => {
    const path = pretendBuilt("helm");
    await expect(ensure(["helm"], { reporter, cache, environment: {} })).resolves.toEqual({ helm: path });
  });

  test("takes the program that the user names", async () => {
    const environment = { SANDBOX_HELM: process.execPath };
    await expect(ensure(["helm"], { reporter, cache, environment })).resolves.toEqual({ helm: process.execPath });
  });

  test.each([
    ["relative/helm", "SANDBOX_HELM: 'relative/helm' is not an absolute path"],
    ["/nowhere/helm", "SANDBOX_HELM: '/nowhere/helm' is not a program that can be run"],
  ])("refuses %s before anything is built", async (path, message) => {
    const promise = ensure(["etcd", "helm"], { reporter, cache, environment: { SANDBOX_HELM: path } });
    await expect(promise).rejects.toThrow(message);
    await expect(promise).rejects.toThrow("unset it to have helm built");
  });

  test("tells what is built, what is the user's own and what is missing", () => {
    pretendBuilt("etcd");
    const status = toolchainStatus({ cache, environment: { SANDBOX_HELM: process.execPath } });
    const origin = Object.fromEntries(status.map((program) => [program.name, program.origin]));
    expect(origin).toMatchObject({ etcd: "built", helm: "own", kwok: "missing" });
  });
});
