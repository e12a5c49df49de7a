import type { Reading } from "../diff/marks";
import { toValue } from "../diff/marks";
import type { Secrets } from "../diff/secrets";
import { ProviderSchema } from "../knowledge/provider-schema";
import type { ConfiguredResource, StackConfig } from "../model/changes";
import { resolveTemplates } from "../model/expressions";
import { isObject, type Value, type ValueObject } from "../model/value";
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
export function readTemplate(template: Readonly<Record<string, unknown>>, secrets: Secrets): StackConfig {
  rememberVariables(template, secrets);
  const terraform = firstBlock(template["terraform"]);
  return {
    backend: readBackend(terraform["backend"], secrets),
    requiredProviders: readRequirements(terraform["required_providers"]),
    providers: readProviders(template["provider"], secrets),
    moved: blocks(template["moved"]).flatMap(({ from, to }) =>
      typeof from === "string" && typeof to === "string" ? [{ from, to }] : [],
    ),
    resources: [
      ...readResources("managed", template["resource"], secrets),
      ...readResources("data", template["data"], secrets),
    ],
  };
}

function readResources(kind: "managed" | "data", types: unknown, secrets: Secrets): ConfiguredResource[] {
  if (!isObject(types)) return [];
  return Object.entries(types).flatMap(([type, instances]) =>
    Object.entries(isObject(instances) ? instances : {}).map(([name, block]) => {
      const body = isObject(block) ? block : {};
      const attributes = Object.fromEntries(Object.entries(body).filter(([key]) => !META_ARGUMENTS.has(key)));
      return {
        kind,
        type,
        name,
        constructPath: pathOf(body["//"]),
        repeated: "count" in body || "for_each" in body,
        config: read(attributes, type, secrets),
        lifecycle: read(firstBlock(body["lifecycle"]), "", secrets),
        provider: typeof body["provider"] === "string" ? body["provider"] : undefined,
      };
    }),
  );
}

function pathOf(comment: unknown): string | undefined {
  const metadata = isObject(comment) ? comment["metadata"] : undefined;
  const path = isObject(metadata) ? metadata["path"] : undefined;
  return typeof path === "string" ? path : undefined;
}

function readBackend(backend: unknown, secrets: Secrets): StackConfig["backend"] {
  const [entry] = Object.entries(firstBlock(backend));
  if (!entry) return undefined;
  const [type, body] = entry;
  const config = { ...read(firstBlock(body), "", secrets) };
  // Absolute, and another one in every checkout; the file's name is the stack's.
  if (type === "local" && typeof config["path"] === "string") config["path"] = config["path"].split(/[\\/]/).pop();
  return { type, config };
}

function readRequirements(value: unknown): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [name, requirement] of Object.entries(firstBlock(value))) {
    if (typeof requirement === "string") result[name] = requirement;
    else if (isObject(requirement)) result[name] = String(requirement["version"] ?? "any version");
  }
  return result;
}

function readProviders(value: unknown, secrets: Secrets): Readonly<Record<string, Value>> {
  const result: Record<string, Value> = {};
  for (const [name, instances] of Object.entries(firstBlock(value))) {
    for (const [i, instance] of blocks(instances).entries()) {
      const alias = typeof instance["alias"] === "string" ? instance["alias"] : i === 0 ? "" : String(i);
      result[alias === "" ? name : `${name}.${alias}`] = read(instance, "", secrets);
    }
  }
  return result;
}

/** Templates become expressions or the text they stand for; secrets become opaque. */
function read(raw: unknown, type: string, secrets: Secrets): ValueObject {
  const reading: Reading = { type, schema: ProviderSchema.load(), secrets };
  const value = resolveTemplates(toValue(raw, false, false, reading));
  return isObject(value) ? value : {};
}

function blocks(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.filter(isObject);
  return isObject(value) ? [value] : [];
}

function firstBlock(value: unknown): Readonly<Record<string, unknown>> {
  return blocks(value)[0] ?? {};
}
