/** A block of Terraform's JSON syntax. */
export type TerraformBlock = Readonly<Record<string, unknown>>;

/** One stack as parsed Terraform: resources by type and logical id. */
export interface SynthesizedStack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, TerraformBlock>>>>;
  readonly data: Readonly<Record<string, Readonly<Record<string, TerraformBlock>>>>;
  readonly provider: Readonly<Record<string, readonly TerraformBlock[]>>;
  readonly terraform: TerraformBlock;
  readonly output: Readonly<Record<string, TerraformBlock>>;
}

/**
 * Takes out of a synthesized stack what is not the author's: cdktf's `//` metadata. Helm values become the objects they
 * spell, so that a snapshot shows keys and not one long line, and a state path of the test run is masked.
 */
export function normalizeStack(stack: unknown): SynthesizedStack {
  const {
    resource = {},
    data = {},
    provider = {},
    terraform = {},
    output = {},
  } = normalize(stack) as Partial<SynthesizedStack>;
  return { resource, data, provider, terraform, output };
}

function normalize(value: unknown, key?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => (key === "values" ? parseValues(item) : normalize(item)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//")
      .map(([name, item]) => [name, maskLocalState(name, item) ?? normalize(item, name)]),
  );
}

/** Values that hold a reference stay as the expression they are: only Terraform can tell what they spell. */
function parseValues(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("{")) return value;
  try {
    return JSON.parse(value.replaceAll("$${", "${").replaceAll("%%{", "%{"));
  } catch {
    return value;
  }
}

/** The path of a local state file is relative to the output directory, which a test makes anew each time. */
function maskLocalState(name: string, item: unknown): unknown {
  if (name !== "local" || typeof item !== "object" || item === null || !("path" in item)) return undefined;
  return { ...item, path: String(item.path).replace(/^.*(?=terraform\.)/, "") };
}
