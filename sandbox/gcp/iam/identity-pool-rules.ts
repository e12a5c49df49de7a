import { badRequest } from "../http/errors";
import { type JsonObject, objectOf, objectsOf, stringOf, stringsOf } from "../json";

// What is not said otherwise stands in the API's reference:
// https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools
// https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers

const ID = /^(?!gcp-)[a-z0-9-]{4,32}$/;
const MAX_DISPLAY_NAME = 32;
const MAX_DESCRIPTION = 256;

const CUSTOM_ATTRIBUTE = /^attribute\.[a-z0-9_]+$/;
const MAX_CUSTOM_ATTRIBUTES = 50;
const MAX_ATTRIBUTE_KEY = 100;
const MAX_MAPPING = 2_048;
const MAX_CONDITION = 4_096;
const MAX_AUDIENCES = 10;
const MAX_AUDIENCE = 256;

/** What a provider is; it is one of these and stays it. */
const TYPES = ["aws", "oidc", "saml", "x509"] as const;

/** Issuers that sign for everybody's repositories alike. */
const SHARED_ISSUER = /^https:\/\/(token\.actions\.githubusercontent\.com|gitlab\.com|app\.terraform\.io)(\/|$)/;

/** @throws ApiError 400 */
export function checkId(parameter: string, id: string): void {
  if (ID.test(id)) return;
  throw badRequest(
    `Invalid ${parameter} "${id}": it must have 4 to 32 lower-case letters, digits and dashes, and must not begin with gcp-.`,
  );
}

/** @throws ApiError 400 */
export function checkPool(pool: JsonObject, before: JsonObject | undefined): void {
  checkTexts(pool);
  // https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/iam_workload_identity_pool
  if (before && pool["mode"] !== before["mode"]) throw badRequest("Attempted to update an immutable field.");
}

/** @throws ApiError 400 */
export function checkProvider(
  provider: JsonObject,
  _before: JsonObject | undefined,
  pool: JsonObject | undefined,
): void {
  checkTexts(provider);
  const mode = stringOf(pool?.["mode"]);
  if (mode?.endsWith("TRUST_DOMAIN")) throw badRequest(`No providers can be created within a pool in mode ${mode}.`);
  const types = TYPES.filter((type) => provider[type] !== undefined && provider[type] !== null);
  if (types.length !== 1) throw badRequest(`A provider is exactly one of ${TYPES.join(", ")}, and stays what it is.`);
  checkMapping(objectOf(provider["attributeMapping"]), types[0] === "oidc");
  checkOf[types[0]!](objectOf(provider[types[0]!]));
  checkCondition(
    stringOf(provider["attributeCondition"]) ?? "",
    stringOf(objectOf(provider["oidc"])["issuerUri"]) ?? "",
  );
}

function checkTexts(resource: JsonObject): void {
  if ((stringOf(resource["displayName"]) ?? "").length > MAX_DISPLAY_NAME)
    throw badRequest(`display name must be less than or equal to ${MAX_DISPLAY_NAME} characters`);
  if ((stringOf(resource["description"]) ?? "").length > MAX_DESCRIPTION)
    throw badRequest(`description must be less than or equal to ${MAX_DESCRIPTION} characters`);
}

function checkMapping(mapping: JsonObject, required: boolean): void {
  const entries = Object.entries(mapping);
  for (const [key, expression] of entries) {
    const custom = CUSTOM_ATTRIBUTE.test(key) && key.length <= MAX_ATTRIBUTE_KEY;
    if (!custom && key !== "google.subject" && key !== "google.groups")
      throw badRequest(
        `Invalid mapped attribute key: ${key}. Custom mapped attributes must be in format 'attribute.{custom_attribute}'`,
      );
    if ((stringOf(expression) ?? "").length > MAX_MAPPING)
      throw badRequest(`The expression of mapped attribute ${key} must have at most ${MAX_MAPPING} characters.`);
  }
  if ((required || entries.length > 0) && !stringOf(mapping["google.subject"]))
    throw badRequest("The attribute mapping must include google.subject.");
  if (entries.filter(([key]) => CUSTOM_ATTRIBUTE.test(key)).length > MAX_CUSTOM_ATTRIBUTES)
    throw badRequest(`A provider maps at most ${MAX_CUSTOM_ATTRIBUTES} custom attributes.`);
}

/** @see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions */
function checkCondition(condition: string, issuer: string): void {
  if (condition.length > MAX_CONDITION)
    throw badRequest(`The attribute condition must have at most ${MAX_CONDITION} characters.`);
  if (SHARED_ISSUER.test(issuer) && !/\b(assertion|attribute|google)\b/.test(condition))
    throw badRequest(
      "The attribute condition must reference one of the provider's claims. For more information, see https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions",
    );
}

const checkOf: Readonly<Record<(typeof TYPES)[number], (options: JsonObject) => void>> = {
  oidc: ({ issuerUri, allowedAudiences, jwksJson }) => {
    if (!/^https:\/\/[^\s/]+/.test(stringOf(issuerUri) ?? ""))
      throw badRequest(`Invalid issuer URI "${stringOf(issuerUri) ?? ""}": it must be an HTTPS endpoint.`);
    const audiences = stringsOf(allowedAudiences);
    if (audiences.length > MAX_AUDIENCES || audiences.some((audience) => audience.length > MAX_AUDIENCE))
      throw badRequest(`At most ${MAX_AUDIENCES} audiences are allowed, each of at most ${MAX_AUDIENCE} characters.`);
    // https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation
    if (stringOf(jwksJson) && !isKeySet(stringOf(jwksJson)!))
      throw badRequest("Input JWK is not in a valid json format");
  },
  aws: ({ accountId }) => {
    if (!/^\d{12}$/.test(stringOf(accountId) ?? "")) throw badRequest("The AWS account ID must have 12 digits.");
  },
  saml: ({ idpMetadataXml }) => {
    if (!stringOf(idpMetadataXml)) throw badRequest("The metadata of a SAML identity provider are required.");
  },
  x509: ({ trustStore }) => {
    if (objectsOf(objectOf(trustStore)["trustAnchors"]).length === 0)
      throw badRequest("A trust store must have a trust anchor.");
  },
};

function isKeySet(text: string): boolean {
  try {
    return Array.isArray((JSON.parse(text) as { readonly keys?: unknown }).keys);
  } catch {
    return false;
  }
}
