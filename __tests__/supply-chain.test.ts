import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const { packages } = JSON.parse(read("package-lock.json")) as { packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([path, { inBundle }]) => path !== "" && inBundle !== true);

describe("the lock file", () => {
  test("has the digest of every package that npm fetches, whatever the platform", () => {
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
  });

  test("has what each package brings for every platform", () => {
    const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test("names no registry, so that it is whoever's", () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

const workflows = [".github/workflows", "lib/init/data/repository/.github/workflows"].flatMap((directory) =>
  readdirSync(join(ROOT, directory)).map((name) => join(directory, name)),
);

describe.each(workflows)("%s", (file) => {
  const used = [...read(file).matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action);

  test("pins every action to a commit, with its version beside it", () => {
    for (const action of used.filter((each) => !each.startsWith("./")))
      expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*( .*)?$/);
  });

  test("gives no job more than it names", () => {
    expect(read(file)).toMatch(/^permissions: (\{\}|read-all)$|^permissions:\n {2}contents: read$/m);
  });
});
