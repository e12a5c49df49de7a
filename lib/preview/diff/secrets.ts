import { isSecretName, judgeName } from "./secret-names";
import { maskShapes } from "./secret-shapes";
import { MASK } from "./secret-values";
import { ValueSet } from "./value-set";

export { isSecretName, MASK };

/** Shorter values are everyday words: masking them everywhere would make a report unreadable. */
const SHORTEST = 6;

/** Texts whose judgement is kept: addresses, paths and names come back by the thousand. */
const KEPT = 20_000;
const LONGEST_KEPT = 300;

/**
 * The secrets of one preview. Terraform marks attributes, but the mark does not follow a provider's computed copy
 * (`terraform_data.output` carries its input unmarked), so a marked value is masked by what it is, wherever it appears.
 * Whatever is printed, written or posted has gone through {@link mask}: by value, by what a text says of itself, and by
 * the shape of credentials.
 */
export class Secrets {
  private readonly values = new ValueSet();

  /** Remembers every string below a marked value, and the forms in which it travels: base64, JSON, URL. */
  public add(value: unknown): void {
    if (typeof value === "string") this.addText(value);
    else if (typeof value === "object" && value !== null) for (const child of Object.values(value)) this.add(child);
  }

  /**
   * Remembers what only its name gave away. An everyday word (`password: postgres`) and what is a name itself
   * (`password: admin_password`) is hidden where it stands, and not wherever it occurs.
   */
  public learn(text: string): void {
    if (text.length >= 8 && !/^[a-z]+$/i.test(text) && judgeName(text) === "none") this.addText(text);
  }

  public mask(text: string): string {
    return maskByShape(this.values.mask(text, MASK));
  }

  /** A copy of plain JSON with every string masked, keys too. */
  public maskAll<T>(value: T): T {
    return this.walk(value) as T;
  }

  private addText(text: string): void {
    if (text.trim().length < SHORTEST) return;
    const forms = [text, text.trim(), Buffer.from(text).toString("base64"), JSON.stringify(text).slice(1, -1)];
    const encoded = safeEncode(text);
    if (encoded) forms.push(encoded);
    // A key in several lines is indented wherever it is embedded: each line counts for itself.
    if (text.includes("\n")) {
      for (const line of text.split("\n"))
        if (line.trim().length >= 16 && !line.includes("-----")) forms.push(line.trim());
    }
    for (const form of forms) this.values.add(form);
  }

  private walk(value: unknown): unknown {
    if (typeof value === "string") return this.mask(value);
    if (Array.isArray(value)) return value.map((item) => this.walk(item));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [this.mask(key), this.walk(child)]));
    }
    return value;
  }
}

/** What is a secret by itself, whoever tells it: for texts of Terraform and of Git, of which nothing else is known. */
export function maskByShape(text: string): string {
  if (text.length > LONGEST_KEPT) return maskShapes(text);
  const known = SHAPES.get(text);
  if (known !== undefined) return known;
  const masked = maskShapes(text);
  if (SHAPES.size >= KEPT) SHAPES.clear();
  SHAPES.set(text, masked);
  return masked;
}

const SHAPES = new Map<string, string>();

/** URL form, or nothing where the text has a lone surrogate. */
function safeEncode(text: string): string | undefined {
  try {
    return encodeURIComponent(text);
  } catch {
    return undefined;
  }
}
