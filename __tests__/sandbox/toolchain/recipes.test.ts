import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { moduleDirectory } from "../../../sandbox/toolchain/build";
import { recipeChecksum } from "../../../sandbox/toolchain/checksum";
import { overrideVariable, PROGRAM_NAMES, RECIPES, type Recipe } from "../../../sandbox/toolchain/recipes";

describe("recipes of the toolchain", () => {
  test.each(PROGRAM_NAMES)("%s is pinned: its go.mod names the program, its go.sum has the module's hash", (name) => {
    const directory = moduleDirectory(RECIPES[name]);
    const goMod = readFileSync(join(directory, "go.mod"), "utf8");
    expect(goMod).toMatch(new RegExp(`^(tool |\\t)${RECIPES[name].package}$`, "m"));
    expect(existsSync(join(directory, "go.sum"))).toBe(true);
  });

  test("every version is the one its go.mod requires", () => {
    const required = new Map<string, string>();
    for (const name of PROGRAM_NAMES) {
      const recipe: Recipe = RECIPES[name];
      const goMod = readFileSync(join(moduleDirectory(recipe), "go.mod"), "utf8");
      const modules = [...goMod.matchAll(/^(?:require )?\t?(\S+) (v\S+)/gm)].map((match) => [match[1]!, match[2]!]);
      const owner = modules
        .filter(([path]) => recipe.package === path || recipe.package.startsWith(`${path}/`))
        .sort((a, b) => b[0]!.length - a[0]!.length)[0];
      required.set(name, owner?.[1] ?? "none");
    }
    const expected = new Map(PROGRAM_NAMES.map((name) => [name, goVersion(name)]));
    expect(required).toEqual(expected);
  });

  test("a program's checksum changes with its linker flags and platform and with nothing else", () => {
    const directory = moduleDirectory(RECIPES.helm);
    const before = recipeChecksum(RECIPES.helm, directory, "linux/x64");
    expect(recipeChecksum({ ...RECIPES.helm }, directory, "linux/x64")).toBe(before);
    expect(recipeChecksum({ ...RECIPES.helm, purpose: "other words" }, directory, "linux/x64")).toBe(before);
    expect(recipeChecksum({ ...RECIPES.helm, linkerFlags: [] }, directory, "linux/x64")).not.toBe(before);
    expect(recipeChecksum(RECIPES.helm, directory, "darwin/arm64")).not.toBe(before);
    expect(recipeChecksum(RECIPES.helm, moduleDirectory(RECIPES.etcd), "linux/x64")).not.toBe(before);
  });

  test("a user's own program is named by a variable in capitals", () => {
    expect(overrideVariable("kube-controller-manager")).toBe("SANDBOX_KUBE_CONTROLLER_MANAGER");
  });
});

/** Prometheus 3.5.2 is the Go module v0.305.2: https://prometheus.io/docs/introduction/release-cycle/ */
function goVersion(name: keyof typeof RECIPES): string {
  const version = RECIPES[name].version;
  if (RECIPES[name].module !== "prometheus") return `v${version}`;
  const [major, minor, patch] = version.split(".");
  return `v0.${major}${minor!.padStart(2, "0")}.${patch}`;
}
