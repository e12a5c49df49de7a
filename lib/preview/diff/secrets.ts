/** Stands where a secret stood within a longer text. */
export const MASK = "(sensitive value)";

/** Shorter values are everyday words: masking them everywhere would make a report unreadable. */
const SHORTEST = 6;

/** Only shapes that nothing but a credential has. */
const SHAPES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bya29\.[\w-]{20,}/g, // Google OAuth access token
  /\bAIza[\w-]{35}\b/g, // Google API key
  /\bgh[pousr]_\w{36,}\b/g, // GitHub token
  /\bgithub_pat_\w{22,}\b/g,
  /\bglpat-[\w-]{20,}/g, // GitLab token
  /\bAKIA[0-9A-Z]{16}\b/g, // AWS access key
  /\bxox[abprs]-[\w-]{10,}/g, // Slack token
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g, // JSON web token
];

/** What all of them begin with or hold: one look instead of one for each. */
const MAYBE_SHAPE = /-----BEGIN |\bya29\.|\bAIza|\bgh[pousr]_|\bgithub_pat_|\bglpat-|\bAKIA|\bxox|\beyJ/;

const SECRET_WORDS =
  /(^|[_.-])(pass|passwd|password|passphrase|pwd|token|secret|credential|credentials|bearer|private_?key|api_?key|access_?key|client_?key|signing_?key|encryption_?key|psk)s?$/;

/**
 * Whether an attribute or key of this name holds a secret, judged by its last words: `admin_password`, `apiKey`,
 * `hubbleToken` do, `secretName`, `tokenReviews`, `secret_id` and `passwordFile` only talk about one.
 */
export function isSecretName(name: string): boolean {
  let secret = JUDGED.get(name);
  if (secret === undefined) {
    secret = SECRET_WORDS.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
    // A plan repeats a few names thousands of times; keys that are data must not pile up.
    if (JUDGED.size < 10_000) JUDGED.set(name, secret);
  }
  return secret;
}

const JUDGED = new Map<string, boolean>();

/**
 * The secrets of one preview. Terraform marks attributes, but the mark does not follow a provider's computed copy
 * (`terraform_data.output` carries its input unmarked), so a marked value is masked by what it is, wherever it appears.
 */
export class Secrets {
  private readonly values = new Set<string>();
  private pattern: RegExp | undefined;
  private stale = false;

  /** Remembers every string below a marked value, and the forms in which it travels: base64, JSON, URL. */
  public add(value: unknown): void {
    if (typeof value === "string") this.addText(value);
    else if (typeof value === "object" && value !== null) for (const child of Object.values(value)) this.add(child);
  }

  public mask(text: string): string {
    let masked = text;
    const pattern = this.compile();
    if (pattern) masked = masked.replace(pattern, MASK);
    if (MAYBE_SHAPE.test(masked)) for (const shape of SHAPES) masked = masked.replace(shape, MASK);
    return masked;
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
    for (const form of forms) {
      if (this.values.has(form)) continue;
      this.values.add(form);
      this.stale = true;
    }
  }

  private compile(): RegExp | undefined {
    if (this.stale) {
      const longestFirst = [...this.values].sort((a, b) => b.length - a.length);
      this.pattern = new RegExp(longestFirst.map((v) => v.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
      this.stale = false;
    }
    return this.pattern;
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

/** URL form, or nothing where the text has a lone surrogate. */
function safeEncode(text: string): string | undefined {
  try {
    return encodeURIComponent(text);
  } catch {
    return undefined;
  }
}
