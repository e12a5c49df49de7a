import { isPlain, isReference, looksRandom } from "./secret-values";

/**
 * What a name says about its value. `strong`: it is a secret. `weak`: it is one if it looks like one. `code`: it is one if
 * it is made of digits, as a PIN is. `reference`: it names an object that holds one, unless it cannot be a name at all.
 */
export type NameVerdict = "strong" | "weak" | "code" | "reference" | "none";

/** Words that say it by themselves where they stand last. */
const WORDS = new Set(
  (
    "password passwords passwd passwds passwort passphrase passphrases passcode pass pwd pwds pswd pword pw senha contrasena " +
    "secret secrets token tokens credential credentials creds cred bearer psk psks htpasswd mnemonic pgpass netrc " +
    "dockerconfigjson dockercfg userpass"
  ).split(" "),
);

/** The same written together with what stands before: `PGPASSWORD`, `storepass`, `apikey`. */
const ENDINGS =
  /(?:password|passwd|passphrase|apikey|secretkey|privatekey|accesskey|authkey|sharedkey|licensekey|signingkey|encryptionkey|masterkey|apitoken|authtoken|accesstoken|refreshtoken|sessiontoken|clientsecret|(?:store|key|root|db|user|ssh|bind|admin|auth|smtp|my|pg|ldap|sudo|login|db2|ftp)(?:pass|pwd|pw|pswd))s?$/;

/** Before `key`: what kind of key it is. */
const KEYS = new Set(
  (
    "private secret api access signing sign signature encryption encrypt decryption decrypt shared preshared license licence account " +
    "storage master session ssh deploy hmac aes rsa dsa ec ecdsa ed25519 gpg pgp wireguard wg unseal recovery client app application " +
    "auth admin webhook integration ingest ingestion tls ssl server ca cookie cipher crypto sas subscription function consumer gossip " +
    "fernet vapid sdk maps enc encrypted authentication md5 tsig wifi vpn luks zfs wallet sa x509 instrumentation secondary raw " +
    "stripe sendgrid mailgun pagerduty opsgenie algolia honeycomb datadog dd newrelic sentry rollbar " +
    "bugsnag segment rsync rpc node sharedaccess management write ipsec jwt service db database root bot peer kube etcd"
  ).split(" "),
);

/** Before `key`: everybody may read it, or it only says where something stands. */
const OPEN_KEYS = new Set(
  (
    "public pub authorized kms cmek taint label annotation topology tag object map cache config partition sort foreign hash index " +
    "group row column field lookup selector header data values env environment path node agent"
  ).split(" "),
);

/** Before `secret`: the name of a Secret is meant. */
const REFERRING = new Set(
  (
    "existing pull image registry tls cert certs certificate ca ssl kube kubernetes k8s source target dest destination external sealed " +
    "docker repo repository config default referenced ref from name named mounted volume password passwd credentials admin user root " +
    "key bootstrap server ingress gateway listener kubeconfig"
  ).split(" "),
);

/** Before `secret` or `secrets` a word that makes it the secret itself. */
const SECRETS = new Set(
  "client shared app application consumer jwt webhook hmac api access session cookie signing encryption auth oauth oidc nextauth token".split(
    " ",
  ),
);

/** What may follow without changing anything: `password_old`, `private_key_pem`, `secretValue`, `client-key-data`. */
const SUFFIXES = new Set(
  (
    "old new current previous prev next secondary backup base64 b64 encoded enc hash hashed bcrypt value values val plain plaintext text " +
    "string raw data content contents pem txt map json der pkcs8 pkcs12 p12 pfx jks env prod dev staging test default literal wo header base"
  ).split(" "),
);

/** A count or a limit of tokens, and nginx's directives. */
const COUNTED = new Set(
  "max min num number count total limit available used per proxy fastcgi uwsgi grpc scgi by".split(" "),
);

/** Digits under these names open something. */
const CODES = new Set("pin pins pincode pincodes otp totp cvv cvc puk".split(" "));

/** Before `code`: what kind of code it is. Postal, country, status and error codes are none. */
const CODE_KINDS = new Set(
  "pin security access unlock recovery backup verification mfa otp totp activation pairing door entry scratch".split(
    " ",
  ),
);

/** Before `auth`: who takes a password there. */
const AUTHS = new Set("redis valkey npm registry docker".split(" "));

/** Under these names a value is a secret only if it looks like one. */
const WEAK = new Set(
  "cookie cookies jwt kubeconfig keytab authorization salt seed key keys license licence auth login basicauth webhook hook dsn".split(
    " ",
  ),
);

const JUDGED = new Map<string, NameVerdict>();

/** Judges a name in whatever spelling: `adminPassword`, `ADMIN_PASSWORD`, `admin-password`, `auth.admin_password`. */
export function judgeName(name: string): NameVerdict {
  let verdict = JUDGED.get(name);
  if (verdict === undefined) {
    verdict = name.length > 200 ? "none" : judge(wordsOf(name));
    // A plan repeats a few names thousands of times; keys that are data must not pile up.
    if (JUDGED.size < 10_000) JUDGED.set(name, verdict);
  }
  return verdict;
}

/** Whether whatever stands under this name is a secret. */
export function isSecretName(name: string): boolean {
  return judgeName(name) === "strong";
}

/** Whether this value under this name is a secret. References, paths, placeholders and switches are none. */
export function isSecretNamed(name: string, value: string | number): boolean {
  const verdict = judgeName(name);
  if (verdict === "none") return false;
  if (verdict === "code") return isCode(String(value));
  if (typeof value === "number") return verdict === "strong" && !/s$/i.test(name) && (isChosen(name) || value >= 1000);
  if (isReference(value)) return false;
  if (verdict === "reference") return !isObjectName(value) && !isPlain(value);
  if (verdict === "weak") return isWeaklySecret(name, value);
  // `secretKey: password`: the key of a Secret under which it is kept.
  if (/keys?$/i.test(name) && isObjectName(value) && judgeName(value) === "strong") return false;
  if (!isChosen(name) && isPlain(value)) return false;
  return !(AMBIGUOUS.test(name) && isNameOfSecret(value));
}

/** Whether what stands under a name is chosen by people, and so may be anything. */
export function isChosen(name: string): boolean {
  return PASSWORD.test(name);
}

const PASSWORD = /pass|pwd|pw$|pswd|senha|psk|phrase/i;

/** A PIN, a one-time password, a recovery code: digits, perhaps in groups and among letters. */
function isCode(value: string): boolean {
  if (value.length > 100 || !/\d{4,}|\d[\w-]{2,}\d/.test(value)) return false;
  return /^[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+){0,7}$/.test(value) && !/^v?\d+(?:\.\d+)+/.test(value);
}

/** A bare `secret`, as in Cloud Run, holds the one or the other. */
const AMBIGUOUS = /(?:^|[._-])(?:[sS]ecrets?|[cC]redentials?|[cC]reds)$|[a-z](?:Secrets?|Credentials?)$/;

/** Kubernetes' rule for names, which a secret worth the name hardly keeps. */
function isObjectName(value: string): boolean {
  return value.length <= 253 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(value) && !looksRandom(value);
}

/** Whether every one of these stands for a Secret by its name, as in `secrets: [app, shop]`. */
export function areNames(name: string, values: readonly unknown[]): boolean {
  return (
    AMBIGUOUS.test(name) && values.every((value) => typeof value === "string" && /^[a-z]+(?:-[a-z]+)*$/.test(value))
  );
}

/** A name that says of itself that it is one: `grafana-oauth-secret`, `db-credentials`. */
function isNameOfSecret(value: string): boolean {
  if (!isObjectName(value) || !value.includes("-")) return false;
  const words = value.split(/[.-]/);
  const speaking =
    /^(?:secrets?|creds?|credentials?|tls|certs?|certificate|token|auth|oauth2?|password|key|keys|regcred|login|config)$/;
  return speaking.test(words.at(-1)!) && words.every((word) => /^(?:[a-z]+[a-z0-9]{0,3}|\d{1,2})$/.test(word));
}

function isWeaklySecret(name: string, value: string): boolean {
  if (/^(?:basic|bearer|token|digest|apikey|negotiate|aws4-hmac-sha256)\s+\S{6,}/i.test(value)) return true;
  if (/(?:auth|login|userpass)$/i.test(name) && isUserAndPassword(value)) return true;
  if (/hook/i.test(name) && /^https?:\/\//i.test(value)) {
    return value
      .split(/[/?=&]/)
      .slice(3)
      .some((part) => part.length >= 16 && looksRandom(part));
  }
  return looksRandom(value);
}

/** `admin:hunter2`, in the clear or in base64. Not `1000:1000`. */
export function isUserAndPassword(value: string): boolean {
  if (/^[\w.@-]{1,100}:[^\s/:]{3,200}$/.test(value)) return !/^\d+:\d+$/.test(value);
  if (value.length > 600 || !/^[A-Za-z0-9+/]{8,}={0,2}$/.test(value)) return false;
  return /^[\x21-\x39\x3b-\x7e]{1,100}:[\x20-\x7e]{3,}$/.test(Buffer.from(value, "base64").toString("latin1"));
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

function judge(all: readonly string[]): NameVerdict {
  const words = [...all];
  if (words.at(-1) === "string" && /^conn/.test(words.at(-2) ?? "")) return "weak";
  // `password2`, `token_v3`, `password_old`
  while (words.length > 1 && (SUFFIXES.has(words.at(-1)!) || /^v?\d+$/.test(words.at(-1)!))) words.pop();
  const last = (words.at(-1) ?? "").replace(/(?<=[a-z]{3})\d+$/, "");
  const before = words.at(-2) ?? "";
  if (/^(?:secrets?|credentials?|creds)$/.test(last)) return judgeSecret(words, before);
  if (WORDS.has(last)) return words.some((word) => COUNTED.has(word)) ? "none" : "strong";
  if (ENDINGS.test(last)) return "strong";
  if (last === "key" || last === "keys") return judgeKey(words, before);
  if (CODES.has(last) || (/^codes?$/.test(last) && CODE_KINDS.has(before))) return "code";
  if (isSaidBefore(last, before)) return "strong";
  return WEAK.has(last) || words.includes("webhook") ? "weak" : "none";
}

/** Words that are a secret's name only behind another one. */
function isSaidBefore(last: string, before: string): boolean {
  if (last === "community") return before === "snmp";
  if (last === "answer") return before === "security" || before === "secret";
  if (/^phrases?$/.test(last)) return /^(?:seed|recovery|pass|mnemonic|backup)$/.test(before);
  if (last === "salt") return /^(?:hash|password|cookie|session|hashids?|auth|secret)$/.test(before);
  return last === "pepper" || (last === "auth" && AUTHS.has(before));
}

function judgeSecret(words: readonly string[], before: string): NameVerdict {
  if (SECRETS.has(before) && !words.includes("existing")) return "strong";
  if (words.slice(0, -1).some((word) => REFERRING.has(word))) return "reference";
  return "strong";
}

function judgeKey(words: readonly string[], before: string): NameVerdict {
  if (words.some((word) => word === "public" || word === "kms" || word === "cmek")) return "none";
  if (KEYS.has(before)) return "strong";
  // `adminPasswordKey`: under which key of a Secret the password stands.
  if (WORDS.has(before)) return "reference";
  return OPEN_KEYS.has(before) ? "none" : "weak";
}
