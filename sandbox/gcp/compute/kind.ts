import type { Cloud } from "../cloud";
import type { JsonObject } from "../json";

/** Where a compute resource lives. */
export type ComputeScope = "global" | "regional";

/** A resource that is being written. */
export interface Subject {
  readonly cloud: Cloud;
  readonly project: string;
  /** `projects/P/…` */
  readonly tail: string;
  /** `global` or `regions/R`. */
  readonly place: string;
}

/** A field that refers to another compute resource. */
export interface Reference {
  /** Name of the field; a list of links where `many`. */
  readonly field: string;
  readonly many?: boolean;
  /** Whether the other resource must exist. @default true */
  readonly mustExist?: boolean;
}

/** One kind of compute resource: what all kinds share is in crud.ts, what is particular to one is here. */
export interface ComputeKind {
  /** In paths: `networks`. */
  readonly collection: string;
  /** In bodies: `compute#network`. */
  readonly kind: string;
  /** In messages: `network`. */
  readonly singular: string;
  readonly scope: ComputeScope;
  readonly references: readonly Reference[];
  /** Fields that no PATCH may change. */
  readonly immutable: readonly string[];
  /** Whether PATCH must carry the fingerprint of the resource as it is. */
  readonly fingerprint?: boolean;
  /** Whether the resource has labels with a fingerprint of their own. */
  readonly labels?: boolean;
  /** The resource with what Google fills in. @throws ApiError where the request is wrong */
  readonly complete: (resource: JsonObject, subject: Subject) => JsonObject;
  /** Last check when the operation runs. @throws OperationFailure */
  readonly check?: (resource: JsonObject, subject: Subject) => void;
  /** Refuses a change. @throws ApiError */
  readonly checkPatch?: (after: JsonObject, before: JsonObject, subject: Subject) => void;
  /** What else happens once the resource exists. */
  readonly inserted?: (resource: JsonObject, subject: Subject) => void;
  /** `projects/…` of something that needs the resource, so that it cannot be deleted. */
  readonly usedBy?: (resource: JsonObject, subject: Subject) => string | undefined;
  /** Whether a deletion that {@link usedBy} forbids is accepted, and its operation fails. @default it is refused at once */
  readonly refusesLate?: boolean;
  /** What else happens once the resource is gone. */
  readonly deleted?: (resource: JsonObject, subject: Subject) => void;
}

/** The part of a path that says where resources of a scope live, as a route template. */
export function placeTemplate(scope: ComputeScope): string {
  return scope === "global" ? "global" : "regions/{area}";
}
