import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCdktf } from "../../../sandbox/toolchain/cdktf";
import { findTerraform } from "../../../sandbox/toolchain/terraform";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tools-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("findTerraform", () => {
  const program = (name: string, version: string) => {
    const file = join(directory, "program");
    writeFileSync(
      file,
      `#!/bin/sh\nif [ "$2" = -json ]; then echo 'Warning: something'; echo '{"terraform_version":"${version}"}'; else echo '${name} v${version}'; fi\n`,
    );
    chmodSync(file, 0o755);
    return { TERRAFORM_BINARY_NAME: file };
  };

  test("takes the program that TERRAFORM_BINARY_NAME names, Terraform or OpenTofu", async () => {
    await expect(findTerraform({ environment: program("Terraform", "1.11.4") })).resolves.toMatchObject({
      kind: "terraform",
      version: "1.11.4",
    });
    await expect(findTerraform({ environment: program("OpenTofu", "1.12.6") })).resolves.toMatchObject({
      kind: "opentofu",
    });
  });

  test.each([
    ["Terraform", "1.10.9", "is terraform 1.10.9, and the stacks need 1.11 or newer"],
    ["OpenTofu", "1.9.0", "is opentofu 1.9.0, and the stacks need 1.10 or newer"],
  ])("refuses %s %s, which is too old", async (name, version, message) => {
    await expect(findTerraform({ environment: program(name, version) })).rejects.toThrow(message);
  });

  test("refuses a name that is none", async () => {
    const environment = { TERRAFORM_BINARY_NAME: join(directory, "nothing") };
    await expect(findTerraform({ environment })).rejects.toThrow("does not answer to 'version'");
  });
});

describe("findCdktf", () => {
  const writePackage = (path: string, version: string) => {
    mkdirSync(join(path, "bundle", "bin"), { recursive: true });
    writeFileSync(join(path, "package.json"), JSON.stringify({ version }));
    writeFileSync(join(path, "bundle", "bin", "cdktf"), "");
  };

  test("takes the project's own CLI where it has the version of its library", async () => {
    writePackage(join(directory, "node_modules", "cdktf"), "0.21.0");
    writePackage(join(directory, "node_modules", "cdktf-cli"), "0.21.0");
    await expect(findCdktf(directory, { environment: {} })).resolves.toEqual([
      process.execPath,
      join(directory, "node_modules", "cdktf-cli", "bundle", "bin", "cdktf"),
    ]);
  });

  test("takes the one on PATH before it installs one", async () => {
    writePackage(join(directory, "node_modules", "cdktf"), "0.21.0");
    writePackage(join(directory, "node_modules", "cdktf-cli"), "0.20.0");
    writePackage(join(directory, "global", "cdktf-cli"), "0.21.0");
    mkdirSync(join(directory, "bin"));
    symlinkSync(join(directory, "global", "cdktf-cli", "bundle", "bin", "cdktf"), join(directory, "bin", "cdktf"));
    const [, entry] = await findCdktf(directory, { environment: { PATH: join(directory, "bin") } });
    expect(entry).toContain(join("global", "cdktf-cli"));
  });

  test("asks for the library where the project has none", async () => {
    await expect(findCdktf(directory, { environment: {} })).rejects.toThrow(
      `cdktf: is not installed in ${directory}; run \`npm ci\` there`,
    );
  });
});
