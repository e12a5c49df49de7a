import { ApiError, alreadyExists, badRequest, notFound } from "../http/errors";

/** 404 in compute's words. */
export function resourceNotFound(tail: string): ApiError {
  return notFound(`The resource '${tail}' was not found`);
}

/** 409 in compute's words. */
export function resourceExists(tail: string): ApiError {
  return alreadyExists(`The resource '${tail}' already exists`);
}

/** 400: another operation works on the resource. The provider waits and tries again. */
export function resourceNotReady(tail: string): ApiError {
  return badRequest(`The resource '${tail}' is not ready`, { reason: "resourceNotReady" });
}

/** 400: something else needs the resource. */
export function resourceInUse(singular: string, tail: string, user: string): ApiError {
  return badRequest(`The ${singular} resource '${tail}' is already being used by '${user}'`, {
    reason: "resourceInUseByAnotherResource",
  });
}

/** 400: a field of the request cannot have that value. */
export function invalidField(field: string, value: unknown, rule: string): ApiError {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return badRequest(`Invalid value for field 'resource.${field}': '${shown}'. ${rule}`, { reason: "invalid" });
}

/** 412: the fingerprint is not that of the resource as it is now. */
export function conditionNotMet(message: string): ApiError {
  return new ApiError(412, message);
}
