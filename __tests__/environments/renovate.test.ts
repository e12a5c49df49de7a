import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPage } from "../support/page";

const ROOT = join(__dirname, "../..");
const { customManagers } = JSON.parse(readFileSync(join(ROOT, "renovate.json"), "utf8")) as {
  customManagers: readonly { readonly matchStrings: readonly [string] }[];
};
const files = readdirSync(join(ROOT, "environments")).filter((name) => name.endsWith(".ts"));

test.each(files)(
  "Renovate finds every version that environments/%s marks for it, and the one below the mark",
  (name) => {
    const text = readPage(join(ROOT, "environments", name));
    const found = [...text.matchAll(new RegExp(customManagers[0]?.matchStrings[0] ?? "", "g"))];
    expect(found).toHaveLength(text.split("// renovate: ").length - 1);
    for (const { groups } of found) expect(groups?.["currentValue"]).toMatch(/^\d+(\.\d+)+$/);
  },
);
