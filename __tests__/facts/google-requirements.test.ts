import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { GRANTED_ROLES, REQUIREMENTS } from "../../lib/facts/google/requirements";

const lib = resolve(__dirname, "../../lib");
const sources = readdirSync(lib, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  // What a project is prepared with is the owner's, not the deployer's.
  .filter((entry) => !/[\\/](bootstrap|facts)([\\/]|$)/.test(entry.parentPath))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));

test("every type of resource that a construct makes has its API, role and permissions", () => {
  const types = new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/@cdktf\/provider-(google|helm|kubernetes)\/lib\/([\w-]+)"/g)]
        .filter(([, , name]) => name !== "provider" && !name?.startsWith("data-"))
        .map(([, provider, name]) => `${provider}_${name?.replaceAll("-", "_")}`),
    ),
  );
  expect(types.size).toBeGreaterThan(10);
  expect([...types].filter((type) => REQUIREMENTS[type] === undefined)).toEqual([]);
});

test("every role that a construct grants may be granted by the deployer", () => {
  const granted = new Set(
    sources
      .filter((text) => text.includes("ProjectIamMember"))
      .flatMap((text) => [...text.matchAll(/^(?:const \w+ = |\s+role: )"(roles\/[\w.]+)"/gm)].map(([, role]) => role)),
  );
  expect([...granted].sort()).toEqual([...GRANTED_ROLES].sort());
});
