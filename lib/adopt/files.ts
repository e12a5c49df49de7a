import { constantName } from "../init";
import type { Adoption } from "./adopted";
import type { Draft } from "./draft";
import { isSame } from "./draft";
import type { ResourceDifferences } from "./trial";

const WIDTH = 120;
/** Longest value that is shown in a comment. */
const LONGEST = 80;

/** `environments/<name>.ts`: the definition. */
export function definitionFile(draft: Draft, stateBucket: string | undefined): string {
  const { dataplane } = draft;
  const imports = [
    ...(dataplane.version === undefined ? [] : ["CiliumVersion"]),
    "Dataplane",
    "defineEnvironment",
    ...(stateBucket === undefined ? [] : ["StateBackend"]),
  ];
  const options = [
    ...(dataplane.version === undefined ? [] : [["version", `CiliumVersion.of("${dataplane.version}")`] as const]),
    ...Object.entries(dataplane.options).map(([key, value]) => [key, code(value, 2)] as const),
    ...(Object.keys(dataplane.values).length > 0 ? [["values", code(dataplane.values, 2)] as const] : []),
  ];
  const entries: (readonly [string, string])[] = [
    ["name", code(draft.name, 1)],
    ["project", code(draft.project, 1)],
    ["location", code(draft.location, 1)],
    ["network", code(draft.network, 1)],
    ["dataplane", `Dataplane.${dataplane.kind}(${options.length === 0 ? "" : object(options, 1)})`],
    ...(draft.nodePools.length > 0 ? [["nodePools", code(draft.nodePools, 1)] as const] : []),
    ...(Object.keys(draft.cluster).length > 0 ? [["cluster", code(draft.cluster, 1)] as const] : []),
    ...(Object.keys(draft.connection).length > 0 ? [["connection", code(draft.connection, 1)] as const] : []),
    ...(stateBucket === undefined
      ? []
      : [["backend", `StateBackend.gcs({ bucket: ${JSON.stringify(stateBucket)} })`] as const]),
  ];
  return `import { ${imports.join(", ")} } from "cdktf-gke-cilium";

/** As gke-cilium adopt found it. */
export const ${constantName(draft.name)} = defineEnvironment(${object(entries, 0, true)});
`;
}

/** `environments/<name>.adopted.ts`: what is imported, and what stays as it was found. */
export function adoptionFile(name: string, adoption: Adoption, kept: readonly ResourceDifferences[]): string {
  const lines = [
    'import type { Adoption } from "cdktf-gke-cilium";',
    "",
    "/**",
    " * What existed before. The ids may go once it is in the state; a line of `keep` goes when its attribute is to become",
    " * what the definition says: the next plan then shows that.",
    " */",
    `export const ${constantName(name)}Adoption: Adoption = {`,
  ];
  for (const [stack, resources] of Object.entries(adoption)) {
    lines.push(`  ${JSON.stringify(stack)}: {`);
    for (const [address, { id, keep = [] }] of Object.entries(resources)) {
      const found = kept.find((each) => each.stack === stack && each.address === address)?.differences ?? [];
      lines.push(`    ${JSON.stringify(address)}: {`, `      id: ${JSON.stringify(id)},`);
      if (keep.length > 0) {
        lines.push("      keep: [");
        for (const path of keep) {
          const difference = found.find((each) => each.path === path);
          if (difference !== undefined)
            lines.push(
              `        // ${shown(difference.live)}; the definition: ${shown(difference.wanted)}${difference.replaces ? ", which makes it anew" : ""}`,
            );
          lines.push(`        ${JSON.stringify(path)},`);
        }
        lines.push("      ],");
      }
      lines.push("    },");
    }
    lines.push("  },");
  }
  return `${[...lines, "};"].join("\n")}\n`;
}

/** A value in one short line. */
export function shown(value: unknown): string {
  const text = value === undefined || value === null || isSame(value, []) ? "nothing" : JSON.stringify(value);
  return (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`).replace(/\*\//g, "* /");
}

/** Plain data as TypeScript, in one line where it fits. */
function code(value: unknown, depth: number): string {
  if (Array.isArray(value)) {
    const items = value.map((each) => code(each, depth + 1));
    const line = `[${items.join(", ")}]`;
    return fits(line, depth)
      ? line
      : `[\n${items.map((item) => `${indent(depth + 1)}${item},\n`).join("")}${indent(depth)}]`;
  }
  if (typeof value === "object" && value !== null)
    return object(
      Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, code(each, depth + 1)] as const),
      depth,
    );
  return JSON.stringify(value);
}

function object(entries: readonly (readonly [string, string])[], depth: number, long = false): string {
  if (entries.length === 0) return "{}";
  const parts = entries.map(([key, text]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${text}`);
  const line = `{ ${parts.join(", ")} }`;
  return !long && fits(line, depth)
    ? line
    : `{\n${parts.map((part) => `${indent(depth + 1)}${part},\n`).join("")}${indent(depth)}}`;
}

/** Room for a key in front. */
function fits(line: string, depth: number): boolean {
  return !line.includes("\n") && line.length + 2 * depth + 20 <= WIDTH;
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}
