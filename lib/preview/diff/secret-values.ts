/** Stands where a secret stood within a longer text. */
export const MASK = "(sensitive value)";

/**
 * Whether a text under a secret's name is plainly not the secret: nothing, a switch, a path, a template, or the place
 * where the secret is kept.
 */
export function isReference(text: string): boolean {
  const value = text.trim();
  if (value === "" || value.startsWith(MASK) || /^(?:\(.{0,60}\)|\*+|x{4,}|<[^<>]{0,80}>|\[?redacted\]?)$/i.test(value))
    return true;
  if (/(?:^|[\s:])(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\w{1,20}) AAAA/.test(value.slice(0, 300))) return true;
  if (/^(?:true|false|null|nil|none|yes|no|on|off|enabled|disabled|auto|undefined)$/i.test(value)) return true;
  return value.length <= 1000 && (isTemplate(value) || isPath(value) || isLocator(value));
}

/** `${var.x}`, `$(NAME)`, `$NAME`, `{{ .Values.x }}` and nothing else that matters. */
function isTemplate(value: string): boolean {
  if (!/[${%]/.test(value)) return false;
  if (/^\$(?:\w+|[@*#])$/.test(value)) return true;
  const rest = withoutTemplates(value);
  if (rest === value) return false;
  // A path below what the template stands for, `${keys}/secrets`, names a place.
  return (
    rest.replace(/[\s"'/:@.,|_-]/g, "").length < 4 ||
    /^[`"']?(?:\/[a-z][a-z-]*)+[`"']?,?$/.test(rest.replace(/^[`"']/, ""))
  );
}

/** The text outside of templates. A literal within an expression counts as text, a key in brackets does not. */
export function withoutTemplates(value: string): string {
  let rest = "";
  let depth = 0;
  for (let i = 0; i < value.length; i++) {
    const two = value.slice(i, i + 2);
    if (depth === 0 && (two === "${" || two === "$(" || two === "{{" || two === "%{")) {
      depth = 1;
      i++;
    } else if (depth > 0) {
      const c = value[i]!;
      if (c === '"' && value[i - 1] !== "[") {
        const end = value.indexOf('"', i + 1);
        rest += value.slice(i + 1, end < 0 ? value.length : end);
        i = end < 0 ? value.length : end;
      } else if (c === '"') {
        const end = value.indexOf('"', i + 1);
        i = end < 0 ? value.length : end;
      } else if (c === "{" || c === "(") depth++;
      else if (c === "}" || c === ")") {
        depth--;
        if (value[i + 1] === "}" && depth === 0) i++;
      }
    } else rest += value[i];
  }
  return rest;
}

function isPath(value: string): boolean {
  if (
    /^[\w.-]+\.(?:pem|key|crt|cert|cer|der|json|ya?ml|txt|toml|p12|pfx|jks|conf|cfg|env|pub|sh|ini|properties)$/i.test(
      value,
    )
  )
    return true;
  if (!/^(?:~|\.{1,2})?\/[\w.@-]+(?:\/[\w.@-]*)*$/.test(value)) return false;
  const parts = value.split("/").filter((part) => part !== "");
  return (parts.length > 1 || /\.\w{1,10}$/.test(value)) && !parts.some(looksRandom);
}

/** Where a secret is kept: a secret manager's name of it, a vault's path. */
function isLocator(value: string): boolean {
  if (/^(?:\/\/[\w.-]+\.googleapis\.com\/)?(?:projects|organizations|folders)\/[\w.:-]+\/[\w./-]+$/.test(value))
    return true;
  return /^(?:file|vault|op|sm|gsm|gcpsm|awssm|ssm|akv|secret|secrets|ref\+\w+|arn|gs|s3|env|keyring|kms|sops)(?::\/\/|:)[\w./:@#?=&+-]*$/i.test(
    value,
  );
}

/** Whether a word is made by a generator rather than by a person: long, without gaps, of mixed kinds of characters. */
export function looksRandom(text: string): boolean {
  if (text.length < 12 || text.length > 10_000 || /\s/.test(text)) return false;
  if (/^[0-9a-f]{20,}$/i.test(text)) return !/^\d+$/.test(text);
  if (/^https?:\/\//i.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9._:/-]/].filter((kind) => kind.test(text)).length;
  // Words in kebab, snake or camel case, versions, hosts and images have long stretches of one kind.
  const changes = text.match(/[a-z][A-Z0-9]|[A-Z][a-z0-9]|\d[A-Za-z]/g)?.length ?? 0;
  const pieces = text.split(/[._:/-]/);
  const longest = Math.max(...pieces.map((piece) => piece.length));
  if (longest < 12) return false;
  return kinds >= 3 ? changes >= text.length / 5 : kinds === 2 && text.length >= 16 && changes >= text.length / 4;
}

/** Algorithms and formats of keys and tokens. */
const ALGORITHM =
  /^(?:(?:hs|rs|es|ps)\d{3}|ed(?:25519|dsa|448)|rsa(?:[_-]?\d{3,4})?|ec(?:dsa)?(?:[_-]?p?-?\d{3})?|aes(?:[_-]?\d{3})?(?:[_-](?:gcm|cbc|ctr))?|rfc\d{3,5}|sha[_-]?\d{1,3}|ssh-(?:rsa|ed25519)|opaque|bearer|jwt|pkcs\d{1,2})$/i;

/** Settings that stand under names like `token` and `auth_key`, and are nobody's token. */
const EVERYDAY = new Set(
  (
    "default main none basic digest ldap oidc oauth oauth2 saml rbac read write readonly always never ifnotpresent required " +
    "optional internal external public private shared static dynamic local remote global system cluster namespace node " +
    "password passwords token tokens secret secrets key keys credentials env file vault kubernetes managed rotate custom"
  ).split(" "),
);

/**
 * What no generator of keys and tokens makes: a few characters, the name of a label or an annotation, an address, a
 * period, a version, an algorithm. Not asked of passwords, which people choose.
 */
export function isPlain(value: string): boolean {
  if (value.length < 4 || ALGORITHM.test(value) || EVERYDAY.has(value.toLowerCase())) return true;
  if (/^(?:\d+(?:ms|s|m|h|d|w))+$/.test(value) || /^v?\d{1,4}(?:\.\d{1,4}){1,3}$/.test(value)) return true;
  if (/^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?::\d{1,5})?$/.test(value)) return true;
  if (/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(value)) return true;
  if (/^https?:\/\/[\w.:-]+(?:\/[\w.-]*)*$/.test(value)) return !value.split("/").some(looksRandom);
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/[A-Za-z0-9][\w.-]*$/.test(value) && !looksRandom(value.split("/")[1]!);
}
