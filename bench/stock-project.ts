import { type Dirent, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Attributes whose keys are the user's and not the provider's. */
const MAPS = new Set([
  "annotations",
  "data",
  "default_labels",
  "env",
  "labels",
  "limits",
  "match_labels",
  "node_selector",
  "requests",
  "resource_labels",
]);

const WHOLE_REFERENCE = /^\$\{(data\.)?([a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z0-9_]+)\}$/;

type Block = Record<string, unknown>;
type Stack = { [section: string]: unknown };

/**
 * Writes, as a stock cdktf program, the very resources that were synthesized to `cdktfOut`: one class a stack, provider
 * bindings imported one by one, references as tokens. What somebody would have without this library.
 *
 * @returns names of the stacks in order.
 */
export function writeStockProject(cdktfOut: string, directory: string): string[] {
  const stacks = readdirSync(join(cdktfOut, "stacks"), { withFileTypes: true })
    .filter((entry: Dirent) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(cdktfOut, "stacks", name, "cdk.tf.json")))
    .sort();
  const imports = new Map<string, string>();
  const classes = stacks.map((name) =>
    stackClass(name, JSON.parse(readFileSync(join(cdktfOut, "stacks", name, "cdk.tf.json"), "utf8")) as Stack, imports),
  );
  const program = [
    'import { App, LocalBackend, TerraformStack } from "cdktf";',
    'import type { Construct } from "constructs";',
    ...[...imports].map(([className, path]) => `import { ${className} } from "${path}";`),
    ...classes,
    "const app = new App();",
    "const copies = Number(process.env.COPIES ?? 1);",
    "for (let copy = 0; copy < copies; copy++) {",
    '  const suffix = copies === 1 ? "" : `-${copy}`;',
    ...stacks.map((name) => `  new ${pascal(name)}(app, \`${name}\${suffix}\`);`),
    "}",
    "app.synth();",
  ].join("\n");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "main.ts"), `${program}\n`);
  return stacks;
}

function stackClass(name: string, stack: Stack, imports: Map<string, string>): string {
  const statements: string[] = [];
  for (const [provider, [config]] of Object.entries((stack["provider"] ?? {}) as Record<string, Block[]>)) {
    const className = `${pascal(provider)}Provider`;
    imports.set(className, `@cdktf/provider-${provider}/lib/provider`);
    statements.push(`new ${className}(this, "${provider}", ${literal(config, new Map())});`);
  }
  statements.push(
    ...ordered(stack).map(({ kind, type, id, config, names }) => element(kind, type, id, config, names, imports)),
  );
  return [
    `class ${pascal(name)} extends TerraformStack {`,
    "  constructor(scope: Construct, id: string) {",
    "    super(scope, id);",
    "    new LocalBackend(this, {});",
    ...statements.map((statement) => `    ${statement}`),
    "  }",
    "}",
  ].join("\n");
}

interface Element {
  readonly kind: "data" | "resource";
  readonly type: string;
  readonly id: string;
  readonly config: Block;
  readonly names: Map<string, string>;
}

/** Elements of a stack, each after those it refers to. */
function ordered(stack: Stack): Element[] {
  const names = new Map<string, string>();
  const elements: Element[] = [];
  for (const kind of ["data", "resource"] as const)
    for (const [type, byId] of Object.entries((stack[kind] ?? {}) as Record<string, Record<string, Block>>))
      for (const [id, config] of Object.entries(byId)) {
        // The stack's only provider of the type is its default, and a stock program would not name it.
        const { "//": _metadata, provider: _provider, ...plain } = config;
        elements.push({ kind, type, id, config: plain, names });
      }
  const done: Element[] = [];
  const key = ({ kind, type, id }: Element) => `${kind === "data" ? "data." : ""}${type}.${id}`;
  const visit = (element: Element) => {
    if (done.includes(element)) return;
    const text = JSON.stringify(element.config);
    for (const other of elements)
      if (other !== element && (text.includes(`${key(other)}.`) || text.includes(`"${key(other)}"`))) visit(other);
    names.set(key(element), `e${done.length}`);
    done.push(element);
  };
  elements.forEach(visit);
  return done;
}

function element(
  kind: "data" | "resource",
  type: string,
  id: string,
  config: Block,
  names: Map<string, string>,
  imports: Map<string, string>,
): string {
  const [className, path] = binding(kind, type);
  imports.set(className, path);
  const { depends_on: dependsOn, lifecycle, ...attributes } = config;
  const options = [
    ...(type === "terraform_data" ? [`terraformResourceType: "${type}"`] : []),
    literalBody(attributes, names),
    ...(lifecycle === undefined ? [] : [`lifecycle: ${literal(lifecycle, names)}`]),
    ...(Array.isArray(dependsOn)
      ? [
          `dependsOn: [${dependsOn
            .map((on) => names.get(String(on)))
            .filter(Boolean)
            .join(", ")}]`,
        ]
      : []),
  ].filter((part) => part !== "");
  return `const ${names.get(`${kind === "data" ? "data." : ""}${type}.${id}`)} = new ${className}(this, "${id}", { ${options.join(", ")} } as ConstructorParameters<typeof ${className}>[2]);`;
}

/** Class of a resource type, and the module to import it from. */
function binding(kind: "data" | "resource", type: string): [string, string] {
  // cdktf's own class would run `terraform version` twice for each, which would be most of what is measured.
  if (type === "terraform_data") return ["TerraformResource", "cdktf"];
  const provider = type.split("_")[0] ?? "";
  const bare = `${kind === "data" ? `data-${provider}-` : ""}${type.slice(provider.length + 1).replaceAll("_", "-")}`;
  return [pascal(bare), `@cdktf/provider-${provider}/lib/${bare}`];
}

function literal(value: unknown, names: Map<string, string>, isMap = false): string {
  if (typeof value === "string") return reference(value, names) ?? JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, names)).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{ ${literalBody(value as Block, names, isMap)} }`;
  return JSON.stringify(value);
}

function literalBody(block: Block, names: Map<string, string>, isMap = false): string {
  return Object.entries(block)
    .map(([key, value]) => `${JSON.stringify(isMap ? key : camel(key))}: ${literal(value, names, MAPS.has(key))}`)
    .join(", ");
}

function reference(text: string, names: Map<string, string>): string | undefined {
  const match = WHOLE_REFERENCE.exec(text);
  const name = match && names.get(`${match[1] ?? ""}${match[2]}.${match[3]}`);
  return name ? `${name}.getStringAttribute("${match[4]}")` : undefined;
}

function camel(text: string): string {
  return text.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(text: string): string {
  return camel(`_${text.replaceAll("-", "_")}`);
}
