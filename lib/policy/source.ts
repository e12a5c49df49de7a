import type { Problem } from "../validation";
import { type Fault, type FieldPath, type Fields, fieldText } from "./check/fault";

/** An object as somebody wrote it, with the place where it stands. */
export interface WrittenObject {
  readonly object: Fields;
  /** What a field of it is called in messages: `policies/shop.yaml:12 spec.ingress[0]` or `policies.objects[1].spec`. */
  readonly nameOf: (path: FieldPath) => string;
  /** Where it begins, for messages about another one. */
  readonly place: string;
  /** Whether it is a baseline's, which leaves out what it leaves out on purpose. */
  readonly isBaseline?: boolean;
}

/** A policy that was found sound, with the place where it stands. */
export interface SoundPolicy extends WrittenObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** An object of a program, which is named by its place in the list. */
export function writtenInCode(object: Fields, place: string): WrittenObject {
  return { object, place, nameOf: (path) => (path.length === 0 ? place : `${place}.${fieldText(path)}`) };
}

/** Faults of an object, told of the place where they stand. */
export function toldOf(written: WrittenObject, faults: readonly Fault[]): Problem[] {
  return faults.map(({ path, ...rest }) => ({ property: written.nameOf(path), ...rest }));
}
