/**
 * The type of a field, as text: `string`, `bool`, `int32`, `uint32`, `int64`, `uint64`, `float`, `double`, `bytes`,
 * `timestamp`, `duration`, `fieldmask`, `any`, `@Message` or `#Enum`; with `[]` before it a list, with `{}` a map.
 */
export type FieldType = string;

/** A message of an API. */
export interface MessageSchema {
  /** Full name, e.g. `google.container.v1.NodeConfig`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

/** What requests to one version of one API may hold: an extract of Google's discovery documents. */
export interface ServiceSchema {
  /** Where it comes from: Go modules at a version, and the revisions of the documents in them. */
  readonly source: readonly string[];
  /** Path under the simulator's address that the templates of the methods continue, e.g. `/container/`. */
  readonly root: string;
  /** Message of the body by `METHOD template`, e.g. `POST v1/projects/{projectsId}/locations/{locationsId}/clusters`. */
  readonly methods: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, MessageSchema>>;
  /** Values of each enum by its full name. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
}
