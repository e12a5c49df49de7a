import { COMMANDS, type Command, type CommandOption } from "./command-line";

/** Columns at which texts are broken. */
const WIDTH = 100;

/** `gke-cilium-preview --help`: every command, and the options of the preview. */
export function helpText(): string {
  const usage = COMMANDS.map(({ name, operands, text }) => {
    const call = name === "preview" ? "[options]" : `${name} ${operands ? `${operands} ` : ""}[options]`;
    return row(`  gke-cilium-preview ${call}`, text, 54);
  });
  const preview = COMMANDS[0]!;
  return [
    "gke-cilium-preview: what a change does to the network, before it does it",
    "",
    "Usage",
    ...usage,
    "",
    "Options of the preview",
    ...preview.options.map(option),
    "",
    "  --version                     print the version",
    "  --help                        print this; after a command: its options",
    "",
    EXIT_CODES,
    "",
  ].join("\n");
}

/** `gke-cilium-preview <command> --help`. */
export function commandHelp(command: Command): string {
  const { name, operands, text, options } = command;
  return [
    row(`gke-cilium-preview ${name}:`, text, 0),
    "",
    "Usage",
    `  gke-cilium-preview ${name} ${operands ? `${operands} ` : ""}[options]`,
    "",
    "Options",
    ...options.map(option),
    "",
    ...(["preview", "render"].includes(name) ? [EXIT_CODES, ""] : []),
    ...(name === "apply" ? ["Exit codes: 0 applied, 2 some stacks need another preview, 1 refused or failed", ""] : []),
  ].join("\n");
}

const EXIT_CODES = "Exit codes: 0 nothing changes, 2 changes, 3 a risk at or above --fail-on, 1 error";

function option({ name, value, text, otherwise }: CommandOption): string {
  const left = `  --${name}${value === undefined ? "" : ` <${value}>`}`;
  return row(left, otherwise === undefined ? text : `${text} (default: ${otherwise})`, 32);
}

/** Two columns, the second one broken at words. */
function row(left: string, right: string, column: number): string {
  const lines: string[] = [];
  let line = column === 0 ? `${left} ` : left.length < column - 1 ? left.padEnd(column) : "";
  if (line === "") {
    lines.push(left);
    line = " ".repeat(column);
  }
  for (const word of right.split(" ")) {
    if (line.length + word.length > WIDTH && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = " ".repeat(column);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join("\n");
}
