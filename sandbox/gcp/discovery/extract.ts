import type { FieldType, MessageSchema, ServiceSchema } from "./schema";
import type { TypeNames } from "./type-names";

/** A property of a schema in a discovery document, as far as it is read. */
interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly items?: Property;
  readonly additionalProperties?: Property;
}

interface Method {
  readonly httpMethod: string;
  readonly path: string;
  readonly flatPath?: string;
  readonly request?: { readonly $ref: string };
}

interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

/** A discovery document: https://developers.google.com/discovery/v1/reference/apis */
export interface DiscoveryDocument extends Resource {
  readonly id: string;
  readonly revision: string;
  readonly schemas: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Property>> }>>;
}

/** Formats whose type is told by the format alone. */
const FORMATS: Readonly<Record<string, string>> = {
  byte: "bytes",
  "google-datetime": "timestamp",
  "google-duration": "duration",
  "google-fieldmask": "fieldmask",
};

/** The extract under construction. */
interface Draft {
  readonly messages: Record<string, MessageSchema>;
  readonly enums: Record<string, string[]>;
}

/**
 * What bodies of requests may hold, of the methods that are wanted. Several documents of one API are united: a client that
 * was generated from an older one still sends what the newer no longer tells.
 */
export function extract(
  documents: readonly DiscoveryDocument[],
  names: TypeNames,
  root: string,
  wanted: (method: string, path: string) => boolean,
): Omit<ServiceSchema, "source"> {
  const methods: Record<string, string> = {};
  const draft: Draft = { messages: {}, enums: {} };
  for (const document of documents) {
    for (const { httpMethod, flatPath, path, request } of methodsOf(document)) {
      const template = flatPath ?? path;
      if (!request || !wanted(httpMethod, root + template.replace(/\{[^}]+\}/g, "x"))) continue;
      methods[`${httpMethod} ${template}`] = request.$ref;
      addMessage(document, names, request.$ref, request.$ref, draft, new Set());
    }
  }
  return { root, methods: sorted(methods), messages: sorted(draft.messages), enums: sorted(draft.enums) };
}

function methodsOf(resource: Resource): Method[] {
  return [
    ...Object.values(resource.methods ?? {}),
    ...Object.values(resource.resources ?? {}).flatMap((each) => methodsOf(each)),
  ];
}

function addMessage(
  document: DiscoveryDocument,
  names: TypeNames,
  schema: string,
  goType: string,
  draft: Draft,
  seen: Set<string>,
): void {
  if (seen.has(schema)) return;
  seen.add(schema);
  const before = draft.messages[schema];
  const fields: Record<string, FieldType> = {};
  for (const [field, property] of Object.entries(document.schemas[schema]?.properties ?? {})) {
    fields[field] = fieldType(property, field, goType, names, draft);
    const inner = (property.items ?? property.additionalProperties ?? property).$ref;
    if (inner) addMessage(document, names, inner, names.messageOf(goType, field, inner), draft, seen);
  }
  draft.messages[schema] = {
    name: before?.name ?? names.message(goType),
    fields: sorted({ ...before?.fields, ...fields }),
  };
}

function fieldType(property: Property, field: string, goType: string, names: TypeNames, draft: Draft): FieldType {
  if (property.type === "array") return `[]${fieldType(property.items ?? {}, field, goType, names, draft)}`;
  if (property.additionalProperties) {
    return `{}${fieldType(property.additionalProperties, field, goType, names, draft)}`;
  }
  if (property.$ref) return `@${property.$ref}`;
  // Values that are merely listed for a number or a name of anything are no enum of the API.
  if (property.enum && property.type === "string") {
    const name = names.enumOf(goType, field);
    draft.enums[name] = [...new Set([...(draft.enums[name] ?? []), ...property.enum])];
    return `#${name}`;
  }
  if (property.format && FORMATS[property.format]) return FORMATS[property.format]!;
  if (property.type === "boolean") return "bool";
  if (property.type === "integer" || property.type === "number") return property.format ?? "double";
  if (property.type === "string") return property.format?.match(/^u?int64$/) ? property.format : "string";
  return "any";
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
