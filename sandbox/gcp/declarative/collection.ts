import type { Cloud } from "../cloud";
import type { JsonObject } from "../json";

/** A resource of a collection that is being written. */
export interface Member {
  readonly cloud: Cloud;
  readonly project: string;
  /** Name as the API shows it: `projects/P/locations/L/keyRings/R`. */
  readonly name: string;
  /** The resource as it was; `undefined` while it is being created. */
  readonly before: JsonObject | undefined;
}

/** Resources that follow Google's common rules for APIs: create with an id, get, list, patch with a mask, delete. */
export interface Collection {
  /** Route template of the collection, e.g. `/projects/{project}/locations/{location}/keyRings`. */
  readonly template: string;
  /** Name of the list in a reply: `keyRings`. */
  readonly listField: string;
  /** Query parameter that carries a new resource's id: `keyRingId`. @default the last part of the body's `name` */
  readonly idParameter?: string;
  /** Id where the request brings none. @default the request is refused */
  readonly makeId?: (cloud: Cloud) => string;
  /** Collection that a resource lies in and that must have it: `keyRings` for keys. @default none */
  readonly parent?: boolean;
  /** Type for `response` of operations, e.g. `google.cloud.gkehub.v1.Feature`. Changes then are operations. @default they are not */
  readonly operationType?: string;
  /** Whether there are IAM policies. @default false */
  readonly policies?: boolean;
  /** Whether there is a DELETE. @default true */
  readonly deletable?: boolean;
  /** Fields that cannot change. @default none */
  readonly immutable?: readonly string[];
  /** The resource with what Google fills in. @throws ApiError where something is wrong */
  readonly complete: (resource: JsonObject, member: Member) => JsonObject;
  /** Refuses a deletion. @throws ApiError */
  readonly checkDelete?: (member: Member) => void;
  /** Words of a 404. @default Google's usual ones */
  readonly missing?: (name: string) => string;
}
