import { Expression, isArray, isObject, Sensitive, type Value, type ValueObject } from "../model/value";
import { areNames, isChosen, isSecretNamed, isUserAndPassword, judgeName } from "./secret-names";
import { isPlain, isReference, looksRandom, withoutTemplates } from "./secret-values";
import type { Secrets } from "./secrets";

/** Where in a value we are, as far as it decides about secrets. */
interface Place {
  /** Key of the value, or of the list it is in. */
  readonly name: string;
  /** Key of the object around it. */
  readonly parent: string;
  /** Below a key that names a secret, `token: {value: …}`, or several, `passwords: {db: …}`. */
  readonly within: "no" | "one" | "many";
  /** Below a key that says where a secret is to be found. */
  readonly reference: boolean;
  /** Everything here is one: the data of a Kubernetes Secret. */
  readonly whole: boolean;
}

const ROOT: Place = { name: "", parent: "", within: "no", reference: false, whole: false };

/** Keys that name a thing by which a value stands beside it. */
const NAMES = ["name", "key", "variable", "field", "property", "header", "Name", "Key"];
const VALUES = new Set([
  "value",
  "val",
  "Value",
  "content",
  "contents",
  "plaintext",
  "plain",
  "string",
  "raw",
  "literal",
]);

/** Below a secret's key: what describes it rather than being it. */
const DESCRIBING =
  /^(?:names?|namespaces?|keys?|.*(?:ref|refs|reference|from|name|path|file|mount|namespace|key|type|class|ttl|policy|id|url|uri|port|host|user|username|mode|format|seconds|enabled|days|hours|length|size|count|role|version)|type|kind|api_?version|audiences?|issuer|create|enabled|optional|annotations|labels|metadata|items|expir.*|ttl|version|provider|user|users|url|algorithm|engine|backend|role|store|project|location|region|generat.*|description|title|read_?only|immutable|rotat.*|scopes?|projected|sources)$/i;

/** Keys below which names of secrets stand, not secrets. */
const REFERRING =
  /(?:Ref|Refs|_ref|_refs|From|_from|Reference|_reference|Selector|_selector|KeyRef)$|^(?:volumes?|imagePullSecrets|image_pull_secrets?|projected|valueFrom|value_from|value_source|secretKeyRef|secret_key_ref|secretRef|secretObjects|external_?secrets?|ExternalSecret|remoteRef)$/;

/**
 * A copy of a value in which everything that is a secret by its name or by what stands beside it is {@link Sensitive},
 * so that it can be compared and not be shown; the same value where nothing is. Shapes within texts are masked when a
 * text is shown ({@link Secrets.mask}).
 */
export function seal(value: Value, secrets: Secrets): Value {
  return sealAt(value, ROOT, secrets);
}

function sealAt(value: Value, place: Place, secrets: Secrets): Value {
  if (typeof value === "string" || typeof value === "number") return sealLeaf(value, place, secrets);
  if (value instanceof Expression) return sealExpression(value, place);
  if (isArray(value)) return sealList(value, place, secrets);
  return isObject(value) ? sealObject(value, place, secrets) : value;
}

function sealLeaf(value: string | number, place: Place, secrets: Secrets): Value {
  if (!isSecretAt(value, place)) return value;
  if (typeof value === "string") secrets.learn(value);
  return new Sensitive(value);
}

function isSecretAt(value: string | number, place: Place): boolean {
  if (value === "") return false;
  if (place.whole) return true;
  if (place.reference)
    return (
      judgeName(place.name) === "strong" &&
      typeof value === "string" &&
      !isName(value) &&
      isSecretNamed(place.name, value)
    );
  if (isSecretNamed(place.name, value)) return true;
  // `license: {key: …}`: only both together say what it is.
  if (/^(?:key|keys|auth|string|pair|community)$/i.test(place.name) && place.parent !== "") {
    if (
      judgeName(`${place.parent}_${place.name}`) === "strong" &&
      isSecretNamed(`${place.parent}_${place.name}`, value)
    )
      return true;
  }
  if (place.name === "auth" && typeof value === "string" && isUserAndPassword(value)) return true;
  return place.within !== "no" && isWithin(value, place);
}

/** Of `token: {value: …, strategy: …}` the value; of `passwords: {db: …, api: …}` everything that describes nothing. */
function isWithin(value: string | number, { name, within }: Place): boolean {
  if (VALUES.has(name) || /^(?:default|text|data|current)$/.test(name))
    return typeof value === "number" || !isReference(value);
  if (typeof value === "number" || DESCRIBING.test(name) || isReference(value)) return false;
  if (!isChosen(name) && isPlain(value)) return false;
  return within === "many" ? value.length >= 6 : looksRandom(value) || isMixed(value);
}

function isName(value: string): boolean {
  return /^[A-Za-z0-9_.-]{1,253}$/.test(value) || isReference(value);
}

/** An expression is shown as it is written; one that has text of its own under a secret's name is hidden as a whole. */
function sealExpression(value: Expression, place: Place): Value {
  if (!place.whole && place.within === "no" && judgeName(place.name) !== "strong") return value;
  if (place.within !== "no" && DESCRIBING.test(place.name)) return value;
  const own = withoutTemplates(value.text).replace(/[\s"'/:@.,|_-]/g, "");
  return own.length < 4 ? value : new Sensitive(value.text);
}

function sealList(items: readonly Value[], place: Place, secrets: Secrets): Value {
  if (areNames(place.name, items)) return items;
  let sealed: Value[] | undefined;
  for (const [i, item] of items.entries()) {
    const flag = i > 0 ? items[i - 1] : undefined;
    const name = typeof item === "string" && typeof flag === "string" ? flagName(flag, items) : undefined;
    const at = name !== undefined && !String(item).startsWith("-") ? { ...place, name } : place;
    const next = sealAt(item, at, secrets);
    if (next !== item) sealed ??= [...items];
    if (sealed) sealed[i] = next;
  }
  return sealed ?? items;
}

/** `["--password", "…"]`: the name of an argument that takes the next one as its value. */
function flagName(flag: string, items: readonly Value[]): string | undefined {
  const [, name] = /^--?([A-Za-z][\w.-]{0,60})$/.exec(flag) ?? [];
  if (name === undefined) return undefined;
  if (/^(?:u|user|proxy-user)$/.test(name))
    return items.some((item) => typeof item === "string" && /curl|wget|http/.test(item)) ? "auth" : undefined;
  if (/^[pa]$/.test(name))
    return items.some(
      (item) => typeof item === "string" && /sshpass|mysql|mongo|redis|login|ldap|rabbitmq|mosquitto/.test(item),
    )
      ? "password"
      : undefined;
  return judgeName(name) === "none" ? undefined : name;
}

/** Letters and digits in one word, longer than a number with its unit. */
function isMixed(value: string): boolean {
  return value.length >= 8 && /^[^\s/:.-]+$/.test(value) && /[A-Za-z]/.test(value) && /\d/.test(value);
}

function sealObject(object: ValueObject, place: Place, secrets: Secrets): Value {
  const told = toldName(object);
  const secretObject =
    object["kind"] === "Secret" &&
    (object["apiVersion"] === undefined || object["apiVersion"] === "v1" || object["api_version"] === "v1");
  let sealed: [string, Value | undefined][] | undefined;
  const entries = Object.entries(object);
  for (const [i, [key, child]] of entries.entries()) {
    if (child === undefined || child === null || typeof child === "boolean") continue;
    const next = sealAt(child, placeOf(key, child, place, told, secretObject), secrets);
    if (next === child) continue;
    sealed ??= [...entries];
    sealed[i] = [key, next];
  }
  // Not by assignment: a key may be called __proto__.
  return sealed ? Object.fromEntries(sealed) : object;
}

/** An environment variable, a header, a chart's `set`: the name is told beside the value. */
function toldName(object: ValueObject): string | undefined {
  for (const key of NAMES) {
    const name = Object.hasOwn(object, key) ? object[key] : undefined;
    if (typeof name === "string" && judgeName(name) !== "none") return name;
  }
  return undefined;
}

function placeOf(key: string, child: Value, place: Place, told: string | undefined, secretObject: boolean): Place {
  const whole = place.whole || key === "stringData" || (secretObject && /^(?:data|string_data)$/.test(key));
  const reference = place.reference || (REFERRING.test(key) && !holdsLogins(child));
  if (told !== undefined && VALUES.has(key) && !isObject(child)) {
    return { name: told, parent: place.name, within: "no", reference: place.reference, whole };
  }
  return { name: key, parent: place.name, within: reference ? "no" : withinOf(key, child, place), reference, whole };
}

/** `imagePullSecrets: [{registry: …, username: …, password: …}]`, of which a chart makes the Secret. */
function holdsLogins(child: Value): boolean {
  return isArray(child) && child.some((item) => isObject(item) && Object.hasOwn(item, "password"));
}

function withinOf(key: string, child: Value, { within }: Place): Place["within"] {
  if (within !== "no") {
    if (isObject(child) && DESCRIBING.test(key)) return "no";
    return key === "data" && isObject(child) ? "many" : within;
  }
  if (!isObject(child) && !isArray(child)) return "no";
  if (judgeName(key) !== "strong") return "no";
  return /(?:s|data|map)$/i.test(key) ? "many" : "one";
}
