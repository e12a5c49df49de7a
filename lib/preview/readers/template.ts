import { ProviderSchema } from "../../facts/providers/schema";
import type { Reading } from "../diff/marks";
import { toValue } from "../diff/marks";
import type { Secrets } from "../diff/secrets";
import type { ConfiguredResource, StackConfig } from "../model/changes";
import { resolveTemplates } from "../model/expressions";
import { isObject, type Value, type ValueObject } from "../model/value";
import { blocksOf, bodiesOf, firstBlock, type Labelled, pathOf } from "./blocks";
import { type Checkout, portableBackend, templateFingerprint } from "./fingerprint";
import { rememberVariables } from "./synth";

/** Arguments of every resource block that Terraform itself reads. */
const META_ARGUMENTS = new Set([
  "//",
  "count",
  "for_each",
  "depends_on",
  "lifecycle",
  "provider",
  "provisioner",
  "connection",
]);

/** Reads one `cdk.tf.json`: what is left is what decides about changes, without construct metadata and machine paths. */
export function readTemplate(
  template: Readonly<Record<string, unknown>>,
  secrets: Secrets,
  checkout?: Checkout,
): StackConfig {
  rememberVariables(template, secrets);
  const read = (raw: unknown, type = "") => readValue(raw, type, secrets);
  const terraform = firstBlock(template["terraform"]);
  const resources = [
    ...bodiesOf(template["resource"], 2).map((block) => readResource("managed", block, secrets)),
    ...bodiesOf(template["data"], 2).map((block) => readResource("data", block, secrets)),
  ];
  const blocks = blocksOf(template, read, checkout);
  const byType = (type: string) =>
    Object.fromEntries(
      blocks
        .filter((block) => block.type === type)
        .map(({ address, value }) => [address.slice(type.length + 1), value]),
    );
  return {
    backend: readBackend(
      // HCP Terraform keeps the state where a backend would.
      "cloud" in terraform
        ? { cloud: terraform["cloud"] }
        : portableBackend(firstBlock(terraform["backend"]), checkout),
      read,
    ),
    requiredProviders: readRequirements(terraform["required_providers"]),
    providers: byType("provider"),
    moved: listOf(template["moved"]).flatMap(({ from, to }) =>
      typeof from === "string" && typeof to === "string" ? [{ from, to }] : [],
    ),
    imports: listOf(template["import"]).flatMap(({ to, id }) =>
      typeof to === "string" ? [{ to, id: typeof id === "string" ? id : "(by its identity)" }] : [],
    ),
    released: listOf(template["removed"]).flatMap(({ from, lifecycle }) =>
      typeof from === "string" && firstBlock(lifecycle)["destroy"] === false ? [from] : [],
    ),
    resources,
    blocks,
    variables: byType("variable"),
    locals: byType("local"),
    fingerprint: templateFingerprint(template, checkout),
  };
}

function readResource(
  kind: "managed" | "data",
  { labels: [type = "", name = ""], body }: Labelled,
  secrets: Secrets,
): ConfiguredResource {
  const split = (meta: boolean) =>
    Object.fromEntries(
      Object.entries(body).filter(([key]) => META_ARGUMENTS.has(key) === meta && key !== "//" && key !== "lifecycle"),
    );
  return {
    kind,
    type,
    name,
    constructPath: pathOf(body["//"]),
    repeated: "count" in body || "for_each" in body,
    config: readObject(split(false), type, secrets),
    lifecycle: readObject(firstBlock(body["lifecycle"]), "", secrets),
    meta: readObject(split(true), "", secrets),
    provider: typeof body["provider"] === "string" ? body["provider"] : undefined,
    references: referencesIn(body),
  };
}

const REFERENCE = /\b(?:data\.)?[a-z][\w-]*\.[A-Za-z_][\w-]*/g;

/** Whatever looks like an address: in expressions, and in the lists that Terraform reads as such. */
function referencesIn(body: Readonly<Record<string, unknown>>): readonly string[] {
  const found = new Set<string>();
  const walk = (value: unknown, address: boolean): void => {
    if (typeof value === "string") {
      if (address || value.includes("${")) for (const [name] of value.matchAll(REFERENCE)) found.add(name);
    } else if (Array.isArray(value)) for (const item of value) walk(item, address);
    else if (isObject(value)) for (const child of Object.values(value)) walk(child, address);
  };
  for (const [key, value] of Object.entries(body))
    if (key !== "//" && key !== "lifecycle") walk(value, key === "depends_on");
  const lifecycle = firstBlock(body["lifecycle"]);
  for (const [key, value] of Object.entries(lifecycle)) walk(value, key === "replace_triggered_by");
  return [...found];
}

function readBackend(backend: unknown, read: (raw: unknown) => Value): StackConfig["backend"] {
  const [entry] = Object.entries(firstBlock(backend));
  if (!entry) return undefined;
  const [type, body] = entry;
  const value = read(firstBlock(body));
  return { type, config: isObject(value) ? value : {} };
}

function readRequirements(value: unknown): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [name, requirement] of Object.entries(firstBlock(value))) {
    if (typeof requirement === "string") result[name] = requirement;
    else if (isObject(requirement)) result[name] = String(requirement["version"] ?? "any version");
  }
  return result;
}

/** Templates become expressions or the text they stand for; secrets become opaque. */
function readValue(raw: unknown, type: string, secrets: Secrets): Value {
  const reading: Reading = { type, schema: ProviderSchema.load(), secrets };
  return resolveTemplates(toValue(raw, false, false, reading));
}

function readObject(raw: unknown, type: string, secrets: Secrets): ValueObject {
  const value = readValue(raw, type, secrets);
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}
