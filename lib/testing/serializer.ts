import { normalizeStack } from "./normalize";

/** The two functions that jest asks of a snapshot serializer, without a dependency on jest. */
export interface SnapshotSerializer {
  test(value: unknown): boolean;
  serialize<Config>(
    value: unknown,
    config: Config,
    indentation: string,
    depth: number,
    refs: unknown[],
    printer: (value: unknown, config: Config, indentation: string, depth: number, refs: unknown[]) => string,
  ): string;
}

/**
 * Prints the raw text of a synthesized stack (`Testing.synth(stack)`, a `cdk.tf.json`) the way {@link synthStacks}
 * returns one, and masks provider versions, so that an upgrade of bindings does not rewrite every snapshot.
 *
 * @example
 * expect.addSnapshotSerializer(terraformSerializer);
 * expect(Testing.synth(stack)).toMatchSnapshot();
 */
export const terraformSerializer: SnapshotSerializer = {
  test: (value) => isStackText(value) || isRequiredProviders(value),
  serialize(value, config, indentation, depth, refs, printer) {
    const plain = typeof value === "string" ? normalizeStack(JSON.parse(value)) : maskVersions(value as object);
    return printer(plain, config, indentation, depth, refs);
  },
};

const MASK = "<provider version>";

function isStackText(value: unknown): boolean {
  return typeof value === "string" && /^\{\s*"(?:\/\/|terraform|resource|provider|data|output)":/.test(value);
}

function isRequiredProviders(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((entry) => isVersioned(entry) && entry.version !== MASK)
  );
}

function isVersioned(entry: unknown): entry is { source: string; version: string } {
  return typeof entry === "object" && entry !== null && "source" in entry && "version" in entry;
}

function maskVersions(providers: object): object {
  return Object.fromEntries(Object.entries(providers).map(([name, entry]) => [name, { ...entry, version: MASK }]));
}
