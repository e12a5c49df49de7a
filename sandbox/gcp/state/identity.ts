import { createHash, randomBytes } from "node:crypto";
import type { Store } from "./store";

/**
 * Makes the identifiers that Google would make: never twice the same, also after a restart, because the counter and the
 * seed live in the store.
 */
export class Identity {
  public constructor(private readonly store: Store) {}

  /** A 64-bit id in decimal, as compute and storage give to each resource. */
  public id(): string {
    return this.digits(19, "1");
  }

  /** The 21 digits of a service account's unique id. */
  public uniqueId(): string {
    return this.digits(21, "1");
  }

  /** A fingerprint or etag: eight bytes in base64. */
  public fingerprint(): string {
    return this.bytes().subarray(0, 8).toString("base64");
  }

  /** Lower-case hexadecimal characters, as in the names of instance groups. */
  public hex(length: number): string {
    return this.bytes().toString("hex").slice(0, length);
  }

  /** Lower-case letters and digits, as at the end of a node's name. */
  public suffix(length: number): string {
    const alphabet = "bcdfghjklmnpqrstvwxz0123456789";
    return [...this.bytes().subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join("");
  }

  /** `operation-1732233600000-1f2e3d4c`, as container and compute name their operations. */
  public operation(now: number): string {
    const tail = this.bytes().toString("hex");
    return `operation-${now}-${tail.slice(0, 8)}-${tail.slice(8, 12)}-${tail.slice(12, 16)}`;
  }

  /** A UUID. */
  public uuid(): string {
    const hex = this.bytes().toString("hex");
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `a${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join("-");
  }

  /** A number that only grows: generations of objects and the like. */
  public next(): number {
    return this.store.count();
  }

  private digits(length: number, first: string): string {
    const decimal = BigInt(`0x${this.bytes().toString("hex")}`).toString();
    return (first + decimal.padStart(length, "0")).slice(0, length);
  }

  private bytes(): Buffer {
    const seed = this.store.seed(() => randomBytes(16).toString("hex"));
    return createHash("sha256").update(`${seed}:${this.store.count()}`).digest();
  }
}
