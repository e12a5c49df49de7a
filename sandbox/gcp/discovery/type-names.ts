/** Full names of what one field holds. */
interface FieldNames {
  /** Name of the enum, e.g. `google.container.v1.NodeTaint.Effect`. */
  readonly enum?: string;
  /** Go type of the message. */
  readonly message?: string;
}

/**
 * Full names of messages and enums, read out of the Go code that is generated from an API's protocol buffers. The discovery
 * document describes the same fields without these names, and errors tell them.
 */
export class TypeNames {
  private readonly structs = new Map<string, Map<string, FieldNames>>();

  /**
   * @param packageName `google.container.v1`
   * @param code Generated Go code; without it names are derived: `PACKAGE.Message`, `PACKAGE.Message.Field`.
   */
  public constructor(
    private readonly packageName: string,
    code = "",
  ) {
    for (const [, name, body] of code.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      this.structs.set(name!, fieldsOf(body!));
    }
  }

  /** Full name of the message of a Go type. */
  public message(goType: string): string {
    return `${this.packageName}.${goType.replace(/_/g, ".")}`;
  }

  /** Go type of the message in a field; the schema's own name where the code does not tell. */
  public messageOf(goType: string, field: string, schema: string): string {
    return this.field(goType, field)?.message ?? schema;
  }

  /** Full name of the enum in a field. */
  public enumOf(goType: string, field: string): string {
    return this.field(goType, field)?.enum ?? `${this.message(goType)}.${pascal(field)}`;
  }

  private field(goType: string, field: string): FieldNames | undefined {
    // Fields of a union are in a struct of their own.
    return this.structs.get(goType)?.get(field) ?? this.structs.get(`${goType}_${pascal(field)}`)?.get(field);
  }
}

function fieldsOf(body: string): Map<string, FieldNames> {
  const fields = new Map<string, FieldNames>();
  for (const [, type, tag] of body.matchAll(/^\t\w+\s+(\S+)\s+`protobuf:"([^"]+)"/gm)) {
    const name = /,json=(\w+)/.exec(tag!)?.[1] ?? /,name=(\w+)/.exec(tag!)![1]!;
    const found = /,enum=([\w.]+)/.exec(tag!)?.[1];
    const message = /^(?:\[\])?\*([A-Z]\w*)$/.exec(type!)?.[1];
    // In these tags the parts of a nested name are joined by underscores.
    fields.set(name, {
      ...(found ? { enum: found.replace(/_/g, ".") } : {}),
      ...(message && !found ? { message } : {}),
    });
  }
  return fields;
}

function pascal(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}
