import { type App, TerraformElement, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { EnvironmentStack } from "./environment-stack";

/** One stack as the table shows it. */
export interface StackSummary {
  readonly environment: string;
  readonly stack: string;
  readonly dataplane: string;
  /** Number of managed resources; data sources and providers do not count. */
  readonly resources: number;
  readonly warnings: readonly string[];
}

/** Where the table is printed: `process.stdout` is one. */
export interface SummaryOutput {
  readonly isTTY?: boolean;
}

/** What an app holds, stack by stack, in the order of its definitions. */
export function summarize(app: App): StackSummary[] {
  return app.node.children.filter(EnvironmentStack.is).map((stack) => ({
    environment: stack.environmentName,
    stack: stack.node.id,
    dataplane: stack.dataplaneKind,
    resources: stack.node.findAll().filter(isResource).length,
    warnings: stack.node.findAll().flatMap(warningsOf),
  }));
}

/** The stacks as a table, with the warnings below it in full. */
export function renderSummary(stacks: readonly StackSummary[], output: SummaryOutput = {}): string {
  const colours = output.isTTY === true && !process.env["NO_COLOR"];
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = ["Environment", "Stack", "Dataplane", "Resources", "Warnings"];
  const rows = stacks.map((stack, index) => [
    stack.environment === stacks[index - 1]?.environment ? "" : stack.environment,
    stack.stack,
    stack.dataplane,
    String(stack.resources),
    stack.warnings.length === 0 ? "-" : String(stack.warnings.length),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join("   ")
      .trimEnd();
  const total = stacks.reduce((sum, stack) => sum + stack.resources, 0);
  const lines = [
    "",
    paint(1, line(head)),
    paint(2, widths.map((width) => "─".repeat(width)).join("   ")),
    ...rows.map(line),
    "",
    `${count(stacks.length, "stack")}, ${count(total, "resource")}, written to cdktf.out/stacks.`,
  ];
  for (const stack of stacks)
    for (const warning of stack.warnings) lines.push(`${paint(33, "warning")} ${stack.stack}: ${warning}`);
  return `${lines.join("\n")}\n`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function isResource(construct: IConstruct): boolean {
  return TerraformElement.isTerraformElement(construct) && TerraformResource.isTerraformResource(construct);
}

function warningsOf(construct: IConstruct): string[] {
  return construct.node.metadata.filter((entry) => entry.type === "@cdktf/warn").map((entry) => String(entry.data));
}
