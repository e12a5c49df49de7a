import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { packageFile, packageText } from "../lib/package-files";

describe("packageFile", () => {
  test("finds a file that ships beside the code", () => {
    expect(isAbsolute(packageFile("lib/facts/cilium/data/chart-keys.tsv"))).toBe(true);
  });

  test("says which file a broken installation lacks, and what to do about a bundle", () => {
    expect(() => packageFile("lib/nothing.tsv")).toThrow(
      /^lib\/nothing\.tsv is missing: .*copy the package's lib folder/,
    );
  });

  describe("wherever the code lies", () => {
    let directory: string;
    beforeEach(() => {
      directory = mkdtempSync(join(tmpdir(), "package files-"));
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));
    const write = (path: string, text = "x") => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    };

    test.each([
      ["a bundle in a project that installed the package", "node_modules/cdktf-gke-cilium/lib/a.tsv", "dist"],
      ["a bundle of a clone", "lib/a.tsv", "dist/out"],
      [
        "the package itself, hoisted",
        "node_modules/cdktf-gke-cilium/lib/a.tsv",
        "node_modules/cdktf-gke-cilium/dist/lib",
      ],
      [
        "a workspace whose packages are installed at its root",
        "node_modules/cdktf-gke-cilium/lib/a.tsv",
        "apps/one/dist",
      ],
    ])("%s", (_, file, from) => {
      write(file);
      expect(packageFile("lib/a.tsv", [join(directory, from)])).toBe(join(directory, file));
    });

    test("the nearest counts", () => {
      write("lib/a.tsv");
      write("inner/lib/a.tsv");
      expect(packageFile("lib/a.tsv", [join(directory, "inner/dist")])).toBe(join(directory, "inner/lib/a.tsv"));
    });
  });

  test("texts have the line endings they were written with", () => {
    const lines = packageText("lib/facts/cilium/data/chart-keys.tsv");
    expect(lines).not.toContain("\r");
    const read = jest.spyOn(jest.requireActual<typeof import("node:fs")>("node:fs"), "readFileSync");
    read.mockReturnValueOnce("a\r\nb\r\n");
    expect(packageText("lib/facts/cilium/data/chart-keys.tsv")).toBe("a\nb\n");
    read.mockRestore();
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
