/**
 * Writes `lib/facts/policy/data/schemas.json`: what the API server takes of every kind of policy, field by field.
 *
 *   npm run policy:schemas -- <module of Kubernetes> <module of Cilium 1.18> <of 1.19> <of 1.20>
 *
 * The arguments are directories as `go mod download -json k8s.io/kubernetes@v1.33.13` and
 * `go mod download -json github.com/cilium/cilium@v1.20.2` name them (`Dir`). Descriptions are left out, parts that are alike
 * are kept once, and so are definitions that did not change between two minors.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { SUPPORTED_MINORS } from "../../lib/facts/cilium";
import type { KindVersion, SchemaFacts, SchemaPart } from "../../lib/facts/policy/schemas";
import { packageFile } from "../../lib/package-files";

/** A schema as OpenAPI writes it. */
interface OpenApiSchema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
  readonly allOf?: readonly OpenApiSchema[];
  readonly anyOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
}

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly scope: string;
    readonly group: string;
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly deprecated?: boolean;
      readonly schema: { readonly openAPIV3Schema: OpenApiSchema };
    }[];
  };
}

/** The kinds of Cilium's that are policies, or belong to one. */
const CILIUM_KINDS = new Set([
  "CiliumNetworkPolicy",
  "CiliumClusterwideNetworkPolicy",
  "CiliumCIDRGroup",
  "CiliumLocalRedirectPolicy",
  "CiliumEgressGatewayPolicy",
  "CiliumL2AnnouncementPolicy",
  "CiliumLoadBalancerIPPool",
]);

/** What the API server itself checks of a value, with the name that it has in the data. */
const KEYWORDS = ["type", "required", "enum", "pattern", "format", "minimum", "maximum"] as const;
const SIZES = ["minItems", "maxItems", "minLength", "maxLength"] as const;

/** Keeps each part once. */
class Parts {
  public readonly all: SchemaPart[] = [];
  private readonly numbers = new Map<string, number>();

  public constructor(private readonly references: Readonly<Record<string, OpenApiSchema>> = {}) {}

  /** The number of a schema's part, the same for schemas that are alike. */
  public add(given: OpenApiSchema, references: Readonly<Record<string, OpenApiSchema>> = this.references): number {
    const schema = resolved(given, references);
    const part: Record<string, unknown> = {};
    for (const keyword of [...KEYWORDS, ...SIZES]) if (schema[keyword] !== undefined) part[keyword] = schema[keyword];
    if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") {
      delete part["type"];
      delete part["format"];
      part["intOrString"] = true;
    }
    if (schema.properties !== undefined && Object.keys(schema.properties).length > 0)
      part["fields"] = Object.fromEntries(
        Object.entries(schema.properties).map(([name, field]) => [name, this.add(field, references)]),
      );
    if (schema.items !== undefined) part["items"] = this.add(schema.items, references);
    if (schema.additionalProperties !== undefined) part["values"] = this.add(schema.additionalProperties, references);
    for (const choice of ["anyOf", "oneOf"] as const) {
      const fields = (schema[choice] ?? []).map((each) => each["required"]).filter(Array.isArray) as string[][];
      if (fields.length > 0) part[choice] = fields;
    }
    const rules = ((schema["x-kubernetes-validations"] ?? []) as { readonly rule: string }[])
      .map(({ rule }) => rule)
      // An object that is written for the first time keeps it, and what was there before is not known at synth.
      .filter((rule) => !rule.includes("oldSelf"));
    if (rules.length > 0) part["rules"] = rules;
    const key = JSON.stringify(part);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.all.push(part as SchemaPart);
    this.numbers.set(key, this.all.length - 1);
    return this.all.length - 1;
  }
}

function resolved(schema: OpenApiSchema, references: Readonly<Record<string, OpenApiSchema>>): OpenApiSchema {
  const [only, ...others] = schema.allOf ?? [];
  if (only !== undefined && others.length === 0) return resolved(only, references);
  if (schema.$ref === undefined) return schema;
  const target = references[schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)];
  if (target === undefined) throw new Error(`${schema.$ref} is defined nowhere`);
  return resolved(target, references);
}

/** The object's own fields; its metadata is alike for all kinds and judged apart. */
function ofObject(schema: OpenApiSchema): OpenApiSchema {
  const { status: _, apiVersion: __, kind: ___, metadata: ____, ...fields } = schema.properties ?? {};
  const required = ((schema["required"] ?? []) as string[]).filter((name) => name !== "metadata");
  return { ...schema, properties: fields, required: required.length > 0 ? required : undefined };
}

/** Everything that the directories say. */
export function schemaFacts(kubernetes: string, cilium: readonly string[]): SchemaFacts {
  const parts = new Parts();
  const kinds: Record<string, Record<string, Record<string, KindVersion>>> = {};
  const openApi = JSON.parse(
    readFileSync(join(kubernetes, "api/openapi-spec/v3/apis__networking.k8s.io__v1_openapi.json"), "utf8"),
  ) as { components: { schemas: Record<string, OpenApiSchema> } };
  const schemas = openApi.components.schemas;
  const networkPolicy = schemas["io.k8s.api.networking.v1.NetworkPolicy"];
  if (networkPolicy === undefined) throw new Error(`${kubernetes} has no definition of NetworkPolicy`);
  const policy = { schema: parts.add(ofObject(networkPolicy), schemas), namespaced: true };
  kinds["NetworkPolicy"] = Object.fromEntries(
    SUPPORTED_MINORS.map((minor) => [minor, { "networking.k8s.io/v1": policy }]),
  );
  SUPPORTED_MINORS.forEach((minor, index) => {
    const module = cilium[index];
    if (module === undefined) throw new Error(`the module of Cilium ${minor} is missing`);
    for (const { spec } of definitions(module)) {
      if (!CILIUM_KINDS.has(spec.names.kind)) continue;
      kinds[spec.names.kind] ??= {};
      const ofKind = kinds[spec.names.kind] as Record<string, Record<string, KindVersion>>;
      ofKind[minor] = Object.fromEntries(
        spec.versions
          .filter(({ served }) => served)
          .map(({ name, deprecated, schema }) => [
            `${spec.group}/${name}`,
            {
              schema: parts.add(ofObject(schema.openAPIV3Schema)),
              namespaced: spec.scope === "Namespaced",
              ...(deprecated === true && { deprecated }),
            },
          ]),
      );
    }
  });
  return { sources: [kubernetes, ...cilium].map(moduleName), kinds, parts: parts.all };
}

function definitions(module: string): Definition[] {
  const directory = join(module, "pkg/k8s/apis/cilium.io/client/crds");
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => parse(readFileSync(join(directory, file), "utf8")) as Definition);
}

/** `github.com/cilium/cilium@v1.20.2`, of wherever the module lies. */
function moduleName(directory: string): string {
  return directory
    .replace(/\/+$/, "")
    .split("/")
    .slice(-3)
    .join("/")
    .replace(/^.*\/(?=k8s\.io)/, "");
}

if (require.main === module) {
  const [kubernetes, ...cilium] = process.argv.slice(2);
  if (kubernetes === undefined || cilium.length !== SUPPORTED_MINORS.length)
    throw new Error(`give the module of Kubernetes, and of Cilium ${SUPPORTED_MINORS.join(", ")}`);
  const facts = schemaFacts(kubernetes, cilium);
  const lines = facts.parts.map((part) => `    ${JSON.stringify(part)}`).join(",\n");
  const { parts: _, ...rest } = facts;
  const head = JSON.stringify(rest, undefined, 1).replace(/\n\}$/, "");
  writeFileSync(packageFile("lib/facts/policy/data/schemas.json"), `${head},\n "parts": [\n${lines}\n ]\n}\n`);
}
