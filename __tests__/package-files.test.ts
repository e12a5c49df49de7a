import { isAbsolute } from "node:path";
import { packageFile } from "../lib/package-files";

describe("packageFile", () => {
  test("finds a file that ships beside the code", () => {
    expect(isAbsolute(packageFile("lib/cilium/data/chart-keys.tsv"))).toBe(true);
  });

  test("says which file a broken installation lacks", () => {
    expect(() => packageFile("lib/nothing.tsv")).toThrow("lib/nothing.tsv is missing from the installed package");
  });
});
