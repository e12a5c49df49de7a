import type { Declaration, Member } from "./declarations";

const INTRODUCTION = `# Reference

Everything that \`cdktf-gke-cilium\` and \`cdktf-gke-cilium/testing\` export, made from the doc comments: \`npm run reference\`
writes it, and CI fails where it is not what the code says. What is not here may change in any version.

Whether a changed option is made in place or replaces something is told of each change by the
[preview](preview.md); options that cannot be changed later say so below.
`;

/** The page: one section an entry point, constructs before options before functions. */
export function renderReference(entries: ReadonlyMap<string, ReadonlyMap<string, Declaration>>): string {
  const sections = [...entries].map(([entry, found]) => {
    const all = [...found].sort(([a], [b]) => a.localeCompare(b, "en"));
    const of = (...kinds: readonly string[]) => all.filter(([, { kind }]) => kinds.includes(kind));
    return [
      `## \`${entry}\``,
      group("Classes", of("class")),
      group("Options and other types", of("interface", "type")),
      group("Functions and values", of("function", "const")),
    ]
      .filter(Boolean)
      .join("\n\n");
  });
  return `${INTRODUCTION}\n${sections.join("\n\n")}\n`;
}

function group(title: string, found: readonly (readonly [string, Declaration])[]): string {
  if (found.length === 0) return "";
  return `### ${title}\n\n${found.map(([name, declaration]) => section(name, declaration)).join("\n\n")}`;
}

function section(name: string, declaration: Declaration): string {
  const head = [`#### ${name}`, deprecation(declaration.doc), prose(declaration.doc)];
  if (declaration.kind === "interface" || declaration.kind === "class")
    head.push(declaration.kind === "class" ? classCode(declaration) : "", table(declaration.members));
  else head.push(`\`\`\`typescript\n${declaration.text.replace(/^export (declare )?/, "")}\n\`\`\``);
  return head.filter(Boolean).join("\n\n");
}

/** The line of a class that says what it extends. */
function classCode({ text }: Declaration): string {
  const line = text.split("\n")[0] ?? "";
  return `\`${line.replace(/^export declare /, "").replace(/ \{\s*\}?$/, "")}\``;
}

function table(members: readonly Member[]): string {
  if (members.length === 0) return "";
  const rows = members.map((member) => {
    const [sentence, fallback] = parts(member.doc);
    const name = `${member.isStatic ? "static " : ""}${member.name}${member.optional ? "?" : ""}`;
    const words = [deprecation(member.doc), sentence].filter(Boolean).join(" ");
    return `| \`${name}\` | ${cell(code(member.type))} | ${cell(fallback)} | ${cell(words)} |`;
  });
  return ["| name | type | default | |", "|---|---|---|---|", ...rows].join("\n");
}

/** What a doc comment says, and its `@default`. */
function parts(doc: string): [string, string] {
  const fallback = /@default\s+(.*?)(?=\n@|\n\n|$)/s.exec(doc)?.[1]?.replace(/^- /, "") ?? "";
  return [prose(doc), fallback];
}

/** What is to go says so first, with what takes its place. */
function deprecation(doc: string): string {
  const successor = /@deprecated\s+([\s\S]*?)(?=\n@|\n\n|$)/.exec(doc)?.[1];
  return successor === undefined ? "" : `**Deprecated**: ${successor}`;
}

/** Without tags, examples and links of the compiler. */
function prose(doc: string): string {
  return doc
    .replace(/\n?@(default|deprecated|example|param|throws|returns|see|remarks|internal)\b[\s\S]*?(?=\n@|$)/g, "")
    .replace(/\{@link ([^}]+)\}/g, "`$1`")
    .trim();
}

function code(type: string): string {
  return `\`${type}\``;
}

/** One line of a table, whose bars and line ends would be cells and rows. */
function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
}
