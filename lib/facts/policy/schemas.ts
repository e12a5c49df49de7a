import { packageText } from "../../package-files";
import { nearestMinorOf, type SupportedMinor } from "../cilium";
import { lookUp } from "../look-up";
import { GKE_KINDS } from "./gke-schemas";

/**
 * A part of a schema: what a value must be, in OpenAPI's words where it has one. Numbers of other parts stand where OpenAPI
 * nests.
 */
export interface SchemaPart {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  /** A whole number or a text. */
  readonly intOrString?: boolean;
  /** Fields by name, each with the number of its part. */
  readonly fields?: Readonly<Record<string, number>>;
  /** The part of every value of a map whose keys are free. */
  readonly values?: number;
  /** The part of every item of a list. */
  readonly items?: number;
  readonly required?: readonly string[];
  /** Groups of fields of which exactly one must be there. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Groups of fields of which at least one must be there. */
  readonly anyOf?: readonly (readonly string[])[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Rules in the Common Expression Language, as the definition has them. */
  readonly rules?: readonly string[];
}

/** One version of a kind. */
export interface KindVersion {
  /** Number of the part that describes the object without its metadata. */
  readonly schema: number;
  readonly namespaced: boolean;
  readonly deprecated?: boolean;
}

/** What is known of all kinds: by kind, minor of Cilium and apiVersion. */
export interface SchemaFacts {
  /** Modules that it was read out of. */
  readonly sources: readonly string[];
  readonly kinds: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, KindVersion>>>>>>;
  readonly parts: readonly SchemaPart[];
}

/** The schema of an object, with the parts that it is made of. */
export interface ObjectSchema extends KindVersion {
  readonly parts: readonly SchemaPart[];
}

let read: SchemaFacts | undefined;

/** Kinds and schemas as they ship (`scripts/policy/schemas.ts` writes them). */
export function schemaFacts(): SchemaFacts {
  read ??= JSON.parse(packageText("lib/facts/policy/data/schemas.json")) as SchemaFacts;
  return read;
}

/** Names of all kinds whose schema is known, those of GKE included. */
export function policyKinds(): readonly string[] {
  return [...Object.keys(schemaFacts().kinds), ...Object.keys(GKE_KINDS.kinds)];
}

/**
 * The versions in which the API server of a cluster takes a kind, the one to be preferred first; undefined for a kind that
 * is not known.
 *
 * @param version Version of Cilium that the cluster runs, whose operator registers the definitions.
 */
export function versionsOf(
  kind: string,
  version: { readonly major: number; readonly minor: number },
): ReadonlyMap<string, ObjectSchema> | undefined {
  const minor: SupportedMinor = nearestMinorOf(version);
  const { kinds, parts } = schemaFacts();
  const versions = lookUp(kinds, kind)?.[minor];
  if (versions !== undefined) return asMap(versions, parts);
  const ofGke = lookUp(GKE_KINDS.kinds, kind);
  return ofGke === undefined ? undefined : asMap(ofGke, GKE_KINDS.parts);
}

function asMap(
  versions: Readonly<Record<string, KindVersion>>,
  parts: readonly SchemaPart[],
): ReadonlyMap<string, ObjectSchema> {
  const byPreference = Object.entries(versions).sort(
    ([, a], [, b]) => Number(a.deprecated ?? false) - Number(b.deprecated ?? false),
  );
  return new Map(byPreference.map(([apiVersion, version]) => [apiVersion, { ...version, parts }]));
}
