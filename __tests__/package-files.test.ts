import { readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { packageFile } from "../lib/package-files";

describe("packageFile", () => {
  test("finds a file that ships beside the code", () => {
    expect(isAbsolute(packageFile("lib/cilium/data/chart-keys.tsv"))).toBe(true);
  });

  test("says which file a broken installation lacks", () => {
    expect(() => packageFile("lib/nothing.tsv")).toThrow("lib/nothing.tsv is missing from the installed package");
  });
});

test("every file beside the code is in the package", () => {
  const root = resolve(__dirname, "..");
  const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
  // As npm reads these patterns: `**` is any folders, `*` anything within one name.
  const packed = files
    .filter((pattern) => pattern.startsWith("lib/"))
    .map((pattern) => {
      const expression = pattern
        .replace(/\./g, "\\.")
        .replace(/\*\*\/?|\*/g, (star) => (star === "*" ? "[^/]*" : ".*"));
      return new RegExp(`^${expression}$`);
    });
  const assets = readdirSync(join(root, "lib"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  expect(assets.length).toBeGreaterThan(5);
  expect(assets.filter((asset) => !packed.some((pattern) => pattern.test(asset)))).toEqual([]);
});
