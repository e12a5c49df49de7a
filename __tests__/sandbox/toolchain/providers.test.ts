import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDirectory } from "../../../sandbox/paths";
import { silentReporter } from "../../../sandbox/terminal";
import { findProviders } from "../../../sandbox/toolchain/providers";
import type { TerraformProgram } from "../../../sandbox/toolchain/terraform";

const GOOGLE = join("registry.terraform.io", "hashicorp", "google", "6.50.0", "linux_amd64");

let directory: string;
let terraform: TerraformProgram;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "providers-")));
  terraform = program();
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A program that lays providers where `terraform init` does, and notes each time that it is asked. */
function program(): TerraformProgram {
  const found = join(directory, "found");
  mkdirSync(found, { recursive: true });
  const command = join(directory, "terraform");
  writeFileSync(
    command,
    `#!/bin/sh\necho init >> ${join(directory, "asked")}\n` +
      `mkdir -p ".terraform/providers/${join(GOOGLE, "..")}"\nln -s ${found} ".terraform/providers/${GOOGLE}"\n`,
  );
  chmodSync(command, 0o755);
  return { command, version: "1.11.4", kind: "terraform" };
}

const asked = () => readFileSync(join(directory, "asked"), "utf8").trim().split("\n").length;
const find = (cache: string) =>
  findProviders(terraform, { google: "6.50.0" }, { cache, environment: process.env, reporter: silentReporter() });

test("the mirror's configuration names the mirror, and it is made once", async () => {
  const cache = join(directory, "cache");
  const { cliConfig } = await find(cache);
  expect(readFileSync(cliConfig, "utf8")).toContain(`path = "${join(cliConfig, "..")}"`);
  expect(realpathSync(join(cliConfig, "..", GOOGLE))).toBe(join(directory, "found"));
  expect(await find(cache)).toEqual({ cliConfig });
  expect(asked()).toBe(1);
});

test("a mirror whose configuration names a place that it has left is made anew", async () => {
  const cache = join(directory, "cache");
  const { cliConfig } = await find(cache);
  writeFileSync(cliConfig, readFileSync(cliConfig, "utf8").replace(cache, join(directory, "gone")));
  await find(cache);
  expect(readFileSync(cliConfig, "utf8")).toContain(`path = "${join(cliConfig, "..")}"`);
  expect(asked()).toBe(2);
});

test("a mirror whose provider is gone is made anew", async () => {
  const cache = join(directory, "cache");
  await find(cache);
  renameSync(join(directory, "found"), join(directory, "elsewhere"));
  writeFileSync(terraform.command, readFileSync(terraform.command, "utf8").replace("/found", "/elsewhere"));
  const { cliConfig } = await find(cache);
  expect(realpathSync(join(cliConfig, "..", GOOGLE))).toBe(join(directory, "elsewhere"));
  expect(asked()).toBe(2);
});

test.each([
  ["the cache", "cdktf-gke-cilium"],
  ["a directory above it", ""],
])("the cache is named without a symbolic link at %s, also before it is there", (_, below) => {
  mkdirSync(join(directory, "real", below), { recursive: true });
  mkdirSync(join(directory, "home"));
  if (below) symlinkSync(join(directory, "real", below), join(directory, "home", below));
  else symlinkSync(join(directory, "real"), join(directory, "home", "cache"));
  const base = below ? join(directory, "home") : join(directory, "home", "cache");
  expect(cacheDirectory({ XDG_CACHE_HOME: base })).toBe(join(directory, "real", "cdktf-gke-cilium"));
});
