import type { Cloud } from "../cloud";
import { addService } from "../declarative/crud";
import { badRequest, notFound } from "../http/errors";
import { type ApiRequest, ok } from "../http/exchange";
import type { Router } from "../http/router";
import { type JsonObject, objectOf, stringOf, withDefaults } from "../json";
import { regions } from "../locations";

const RINGS = "/projects/{project}/locations/{location}/keyRings";
const KEYS = `${RINGS}/{ring}/cryptoKeys`;

const DAY_SECONDS = 86_400;
const MAX_ROTATION_SECONDS = 876_000 * 3_600;
const MAX_DESTROY_SECONDS = 120 * DAY_SECONDS;
/** Locations of keys that are no region. */
const MORE_THAN_REGIONS = new Set([
  "global",
  "asia",
  "asia1",
  "eu",
  "eur3",
  "eur4",
  "eur5",
  "eur6",
  "europe",
  "in",
  "nam3",
  "nam4",
  "nam6",
  "nam9",
  "us",
]);
const ID = /^[a-zA-Z0-9_-]{1,63}$/;

/** How long a destroyed version can be restored where the request does not say: 30 days. */
const DESTROY_AFTER = "2592000s";

/** `cloudkms.googleapis.com`: key rings and keys. Neither can be deleted; the versions of a key can be destroyed. */
export function addKms(router: Router, cloud: Cloud): void {
  const profile = { host: "cloudkms.googleapis.com", prefix: "/kms/v1", errors: "plain" } as const;
  const add = addService(router, cloud, profile, [
    {
      template: RINGS,
      listField: "keyRings",
      idParameter: "keyRingId",
      policies: true,
      deletable: false,
      complete: (ring, { name }) => {
        const location = /\/locations\/([^/]+)\//.exec(name)?.[1] ?? "";
        if (!regions().includes(location) && !MORE_THAN_REGIONS.has(location)) {
          throw badRequest(`The request concerns location '${location}' but was sent to location 'global'.`);
        }
        if (!ID.test(name.replace(/.*\//, ""))) throw badRequest(`KeyRing ID must match ${ID.source}.`);
        return { ...ring, name, createTime: new Date().toISOString() };
      },
      missing: (name) => `KeyRing ${name} not found.`,
    },
    {
      template: KEYS,
      listField: "cryptoKeys",
      idParameter: "cryptoKeyId",
      parent: true,
      policies: true,
      deletable: false,
      immutable: ["purpose"],
      complete: (key, { name, before }) => {
        checkDurations(key);
        const completed = withDefaults(key, {
          purpose: "ENCRYPT_DECRYPT",
          createTime: new Date().toISOString(),
          destroyScheduledDuration: DESTROY_AFTER,
          versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "SOFTWARE" },
        });
        if (!completed["rotationPeriod"]) delete completed["nextRotationTime"];
        if (!before) addVersion(cloud, name, completed);
        return completed;
      },
      missing: (name) =>
        name.includes("/cryptoKeys/") ? `CryptoKey ${name} not found.` : `KeyRing ${name} not found.`,
    },
  ]);

  const versionsOf = (request: ApiRequest): string => {
    const { location, ring, id } = request.params;
    return `//${profile.host}/projects/${request.project}/locations/${location}/keyRings/${ring}/cryptoKeys/${id}/cryptoKeyVersions/`;
  };
  add("GET", `${KEYS}/{id}/cryptoKeyVersions`, (request) => {
    const versions = cloud.store.children(versionsOf(request)).map(([, version]) => version);
    return ok({ cryptoKeyVersions: versions, totalSize: versions.length });
  });
  add("POST", `${KEYS}/{id}/cryptoKeyVersions/{version}:destroy`, (request) => {
    const name = versionsOf(request) + request.param("version");
    const version = cloud.store.get(name);
    if (!version) throw notFound(`CryptoKeyVersion ${name.replace(/^\/\/[^/]+\//, "")} not found.`);
    if (stringOf(version["state"])?.startsWith("DESTROY")) {
      throw badRequest(`CryptoKeyVersion is already in state ${version["state"]}.`, { status: "FAILED_PRECONDITION" });
    }
    const destroyed = { ...version, state: "DESTROY_SCHEDULED", destroyTime: new Date().toISOString() };
    cloud.store.put(name, destroyed);
    return ok(destroyed);
  });
}

/**
 * How often a key is rotated, and how long a destroyed version can be restored.
 *
 * @see https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys#CryptoKey
 * @throws ApiError 400
 */
function checkDurations(key: JsonObject): void {
  const seconds = (field: string): number | undefined => {
    const text = stringOf(key[field]);
    return text === undefined ? undefined : Number(text.replace(/s$/, ""));
  };
  const rotation = seconds("rotationPeriod");
  if (rotation !== undefined && (rotation < DAY_SECONDS || rotation > MAX_ROTATION_SECONDS)) {
    throw badRequest("CryptoKey.rotation_period must be between 24 hours and 876,000 hours.");
  }
  const destroyed = seconds("destroyScheduledDuration");
  if (destroyed !== undefined && (destroyed < DAY_SECONDS || destroyed > MAX_DESTROY_SECONDS)) {
    throw badRequest("CryptoKey.destroy_scheduled_duration must be between 24 hours and 120 days.");
  }
}

/** A key is born with its first version, which becomes the primary one. */
function addVersion(cloud: Cloud, key: string, completed: JsonObject): void {
  const now = new Date().toISOString();
  const version: JsonObject = {
    name: `${key}/cryptoKeyVersions/1`,
    state: "ENABLED",
    createTime: now,
    generateTime: now,
    ...objectOf(completed["versionTemplate"]),
  };
  cloud.store.put(`//cloudkms.googleapis.com/${key}/cryptoKeyVersions/1`, version);
  if (completed["purpose"] === "ENCRYPT_DECRYPT") completed["primary"] = version;
}
