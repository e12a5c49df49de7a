import { isSecretNamed, isUserAndPassword, judgeName } from "./secret-names";
import { isReference, looksRandom, MASK } from "./secret-values";

/** What a text must hold to be worth a search for `name = value`. */
const MAYBE =
  /pass|pwd|pw[=:" ]|pswd|secret|token|key|cred|auth|bearer|basic |cookie|psk|jwt|salt|pepper|seed|mnemonic|sig=|senha|passwort|community|licen|signature|hook|phrase|answer|codes?["' :=]|(?:pins?|otp|cvv|cvc|puk)["' :=]|-[pauw] /i;

/** Longest name in front of a separator. */
const LONGEST_NAME = 100;
/** Longest value within quotes. */
const LONGEST_VALUE = 20_000;
const LONGEST_ELEMENT = 1_000;

/** Masks values in text that says what they are: `name=value`, `name: value`, `--name value`, headers, arguments. */
export function maskAssignments(text: string): string {
  if (!MAYBE.test(text)) return text;
  return maskHeaders(maskArguments(maskElements(maskPairs(text))));
}

/** `<property name="password" value="…"/>`: the name is told beside the value. */
function maskElements(text: string): string {
  if (!/\bvalue\s?=/.test(text) || !text.includes("<")) return text;
  return text.replace(
    /(\b(?:name|key)\s?=\s?(\\?["'])([\w.-]{1,100})\2\s{1,8}value\s?=\s?)(\\?["'])([^"'\n]{2,2000}?)\4/g,
    (whole, before: string, _quote, name: string, quote: string, value: string) =>
      isSecretNamed(name, value) ? `${before}${quote}${MASK}${quote}` : whole,
  );
}

/** Goes from separator to separator; what is in between is looked at once. */
function maskPairs(text: string): string {
  let result = "";
  let done = 0;
  const ends: Ends = new Map();
  const separators = /[=:>]/g;
  for (let found = separators.exec(text); found; found = separators.exec(text)) {
    const at = found.index;
    if (at < done) continue;
    const name = nameBefore(text, at, done);
    if (name === undefined || (judgeName(name.text) === "none" && !isSignature(name, text[at]!))) continue;
    const value = valueAfter(text, at, name, ends);
    if (!value) continue;
    const inner = text.slice(value.from, value.to);
    if (inner.startsWith(MASK) || !isSecretHere(name, inner, value)) continue;
    result += text.slice(done, value.from) + MASK;
    done = value.to;
    separators.lastIndex = done;
  }
  return result + text.slice(done);
}

interface Name {
  readonly text: string;
  /** Starts a line, or stands in quotes, so that it is a key and not a word of a sentence. */
  readonly key: boolean;
  /** Starts its line. */
  readonly first: boolean;
  /** Stands in the query of an address. */
  readonly query: boolean;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly separator: "=" | ":" | ">";
  readonly quoted: boolean;
  /** Follows without a blank. */
  readonly tight: boolean;
}

/** The name that ends before a separator, blanks and a closing quote left out. */
function nameBefore(text: string, at: number, least: number): Name | undefined {
  let end = at;
  if (text[at] === ">" && text[at - 1] === "=") end--;
  if (text[at] === "=" && text[at - 1] === ":") end--;
  for (let blanks = 0; end > least && blanks < 8 && (text[end - 1] === " " || text[end - 1] === "\t"); blanks++) end--;
  const quoted = end > least && /["'\]]/.test(text[end - 1]!);
  while (end > least && /["'\]\\]/.test(text[end - 1]!)) end--;
  let start = end;
  while (start > least && end - start < LONGEST_NAME && /[\w.-]/.test(text[start - 1]!)) start--;
  if (start === end) return undefined;
  // `\n` of a text within JSON: the `n` belongs to it.
  if (text[start - 1] === "\\" && /[nrt]/.test(text[start]!)) start++;
  const before = text.slice(Math.max(0, start - 1), start);
  if (/[@%]/.test(before) || (before === "/" && text[at] === ":")) return undefined;
  const line = lineStart(text, start);
  return {
    text: text.slice(start, end).replace(/^[.-]+/, ""),
    key: quoted || line || /[{,[(&?;]/.test(before),
    first: line,
    query: /[?&]/.test(before),
  };
}

/** Whether only blanks, quotes, list dashes or `export` stand between a place and the start of its line. */
function lineStart(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at);
  const escaped = before.lastIndexOf("\\n");
  const line = before.slice(Math.max(before.lastIndexOf("\n") + 1, escaped < 0 ? 0 : escaped + 2));
  const whole = at <= 40 || line.length < before.length;
  return whole && /^[+\-\s"'>|]*(?:(?:export|set|env|ENV|ARG)\s+)?["'\\]*$/.test(line);
}

/** Where the value behind a separator stands. */
function valueAfter(text: string, at: number, name: Name, ends: Ends): Span | undefined {
  const sign = text[at] as Span["separator"];
  if (sign === ">" && text[at - 1] !== "=") return elementAfter(text, at, name);
  let from = at + 1;
  if (sign === "=" && (text[from] === ">" || text[from] === "=")) from++;
  const tight = from;
  while (from < text.length && (text[from] === " " || text[from] === "\t") && from - tight < 8) from++;
  // `image:tag` and `kind:name` are no assignments; a key at the start of its line is one.
  if (sign === ":" && from === tight && !name.key && !/["'\\]/.test(text[from] ?? "")) return undefined;
  if (sign === ":" && text.startsWith("//", from)) return undefined;
  if (sign === "=" && from > tight && !name.key && !/["'`\\]/.test(text[from] ?? "")) return undefined;
  const quote = /^(?:\\?["'`])/.exec(text.slice(from, from + 2))?.[0];
  if (quote) {
    const end = closing(text, from + quote.length, quote);
    return { from: from + quote.length, to: end, separator: sign, quoted: true, tight: from === tight };
  }
  if (sign === ":" && name.first && text[from] === "\n") return nextLine(text, from, at);
  const block = /^[|>][+-]?\d?[ \t]*\n/.exec(text.slice(from, from + 12));
  if (block && sign === ":" && name.first)
    return {
      from,
      to: blockEnd(text, from + block[0].length, at),
      separator: sign,
      quoted: true,
      tight: from === tight,
    };
  const end = endOf(
    text,
    from,
    sign === ":" && name.first ? LINE : sign === "=" && name.first ? STATEMENT : WORD,
    ends,
  );
  return { from, to: trimEnd(text, from, end), separator: sign, quoted: false, tight: from === tight };
}

const LINE = /[\n\\]/g;
const STATEMENT = /[\n;]|\\n|\s--?\w/g;
const WORD = /[\s&;,"'`<>|)}\]]|\\[nrt"]/g;

/** Where the last search of each kind ended: whatever starts before that ends there, too, and is not searched again. */
type Ends = Map<RegExp, { readonly from: number; readonly end: number }>;

function endOf(text: string, from: number, kind: RegExp, ends: Ends): number {
  const last = ends.get(kind);
  if (last && from >= last.from && from <= last.end) return last.end;
  kind.lastIndex = from;
  const end = kind.exec(text)?.index ?? text.length;
  ends.set(kind, { from, end });
  return end;
}

/** `<password>value</password>` */
function elementAfter(text: string, at: number, name: Name): Span | undefined {
  if (text[at - name.text.length - 1] !== "<") return undefined;
  const length = text.slice(at, at + LONGEST_ELEMENT).indexOf("</");
  return length < 0 ? undefined : { from: at + 1, to: at + length, separator: ">", quoted: true, tight: true };
}

function closing(text: string, from: number, quote: string): number {
  const limit = Math.min(text.length, from + LONGEST_VALUE);
  for (let i = from; i < limit; i++) {
    if (
      text.startsWith(quote, i) &&
      (quote.length > 1 ? text[i - 1] !== "\\" : text[i - 1] !== "\\" || text[i - 2] === "\\")
    )
      return i;
    if (text[i] === "\n" && quote.length === 1 && i - from > 2_000) return i;
  }
  return limit;
}

/** A value on a line of its own, further in than its key. */
function nextLine(text: string, from: number, at: number): Span | undefined {
  const [whole = "", indent = "", value = ""] =
    /^\n([ \t]+)([^\s"'{}[\]:#-][^\s:]{3,200})(?=\s*(?:\n|$))/.exec(text.slice(from, from + 400)) ?? [];
  const start = text.lastIndexOf("\n", at) + 1;
  const own = text.slice(start, at).length - text.slice(start, at).trimStart().length;
  if (value === "" || indent.length <= own) return undefined;
  return {
    from: from + whole.length - value.length,
    to: from + whole.length,
    separator: ":",
    quoted: false,
    tight: false,
  };
}

/** A block scalar goes on as long as its lines stand further in than its key. */
function blockEnd(text: string, from: number, at: number): number {
  const indent =
    at - (text.lastIndexOf("\n", at) + 1) - text.slice(text.lastIndexOf("\n", at) + 1, at).trimStart().length;
  let end = from;
  while (end < text.length) {
    const next = text.indexOf("\n", end);
    const line = text.slice(end, next < 0 ? text.length : next);
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) break;
    end = next < 0 ? text.length : next + 1;
  }
  return trimEnd(text, from, end);
}

function trimEnd(text: string, from: number, end: number): number {
  let to = end;
  while (to > from && /[\s,]/.test(text[to - 1]!)) to--;
  return to;
}

function isSecretHere(name: Name, inner: string, { separator, quoted, tight }: Span): boolean {
  const value = separator === ":" && name.first && !quoted ? inner.split(" #", 1)[0]!.trimEnd() : inner;
  if (value.length < 2 || value === "{" || value === "[" || /^[|>][+-]?$/.test(value)) return false;
  if (/^[[{]/.test(value) && !quoted) return false;
  if (isSignature(name, separator)) return value.length >= 12;
  const start = value.slice(0, LONGEST_NAME);
  if (name.query && name.text === "key" && value.length >= 8 && /[A-Za-z]/.test(start) && /\d/.test(start)) return true;
  if (!isSecretNamed(name.text, value)) return false;
  // `token:1.2.3` is an image.
  if (/^-?\d{1,3}$/.test(value) || (tight && /^(?:v?\d+\.\d[\w.+-]*|latest|stable)$/.test(value))) return false;
  // `Note: the token: it …`: within a sentence the value must look like one.
  if (separator === ":" && !name.key && !quoted) return looksRandom(value) || /\d/.test(value);
  return !(separator === ":" && name.first && !quoted && isSentence(value));
}

/** What makes a signed address valid: `?sv=…&sig=…`. */
function isSignature(name: Name, separator: string): boolean {
  return (
    separator === "=" &&
    name.query &&
    /^(?:sig|signature|x-(?:amz|goog)-(?:signature|credential|security-token))$/i.test(name.text)
  );
}

/** Prose behind a colon: several plain words. A passphrase of words is told from it by its name alone, in documents. */
function isSentence(value: string): boolean {
  return /^[A-Za-z]+(?:[ ,]+[a-zA-Z'"-]+){4,}[.!?]?$/.test(value);
}

/** Programs that take a password behind a letter. */
const PROGRAMS =
  /\b(?:sshpass|mysql\w{0,12}|mongo\w{0,12}|login|redis-cli|ldap\w{0,12}|mosquitto\w{0,6}|rabbitmq\w{0,8}|curl|wget|https?|openssl|keytool|smbclient)\b/;

/** `--password value`, and `-p value` of the programs that take one so. */
function maskArguments(text: string): string {
  if (!/-\w|\bmachine\s|pass:/.test(text)) return text;
  const masked = text.replace(
    /((?:^|[\s"'`,[])--?([A-Za-z][\w.-]{0,60})(?:[ \t]{1,4}|["'],[ \t]{0,4}["']))((?!-)[^\s"'`,]{2,2000})/g,
    (whole, before: string, name: string, value: string) => (isSecretNamed(name, value) ? before + MASK : whole),
  );
  if (!PROGRAMS.test(masked) && !/\bmachine\s/.test(masked)) return masked;
  return masked.split("\n").map(maskCommand).join("\n");
}

/** One line of a script, by the program it calls. */
function maskCommand(line: string): string {
  if (/\bmachine\s/.test(line)) return line.replace(/(\bpassword\s{1,8})(\S{2,500})/g, `$1${MASK}`);
  if (!PROGRAMS.test(line)) return line;
  return line
    .replace(/((?:^|\s)-[paw][ \t]{1,4})((?!-)[^\s"'`]{3,2000})/g, (whole, before: string, value: string) =>
      isReference(value) || /^\d+(?::\d+)*$/.test(value) ? whole : before + MASK,
    )
    .replace(/(mysql\w{0,12}\b.{0,200}\s-p)([^\s"'`-][^\s"'`]{2,200})/g, `$1${MASK}`)
    .replace(
      /((?:^|\s)(?:-u|--user|--proxy-user)[ \t=]{1,4}["']?)([^\s"'`:]{1,100}):([^\s"'`]{2,500})/g,
      (whole, before: string, user: string, value: string) =>
        isReference(value) || (/^\d+$/.test(user) && /^\d+$/.test(value)) ? whole : `${before}${user}:${MASK}`,
    )
    .replace(/(\bpass:)([^\s"'`]{3,500})/g, `$1${MASK}`);
}

/** `the password for admin is: …` */
const TOLD = /(\b(?:password|passphrase|secret|token)\b[ \w]{0,40}\bis:?[ \t]{1,3}["'`]?)([^\s"'`]{6,200})/gi;

/** `Authorization: Bearer …`, wherever the scheme stands. */
function maskHeaders(text: string): string {
  if (!/bearer|basic|token|apikey|passw|passphrase|secret/i.test(text)) return text;
  const told = text.replace(TOLD, (whole: string, before: string, value: string) =>
    /[A-Za-z]/.test(value) && /\d/.test(value) && !isReference(value) ? before + MASK : whole,
  );
  return told.replace(
    /\b(bearer|basic|token|apikey)([ \t]{1,4})([\w.~+/=-]{8,4000})/gi,
    (whole, scheme: string, gap: string, value: string) => {
      const secret = /^basic$/i.test(scheme)
        ? isUserAndPassword(value)
        : looksRandom(value) || (/^bearer$/i.test(scheme) && /\d/.test(value) && value.length >= 16);
      return secret ? scheme + gap + MASK : whole;
    },
  );
}
