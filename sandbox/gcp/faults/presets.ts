import { errorInfo } from "../http/errors";
import type { FaultEffect } from "./fault";

/** Faults that Google's APIs really show, worded as in the reports of those who met them. */
export const FAULT_PRESETS = {
  /** 503: ridden out by the provider for 90 seconds. */
  unavailable: { error: { code: 503, message: "The service is currently unavailable.", reason: "backendError" } },
  /** 500. */
  internal: { error: { code: 500, message: "Internal error encountered.", reason: "backendError" } },
  /** 429. */
  rateLimited: {
    error: { code: 429, message: "Rate Limit Exceeded", reason: "rateLimitExceeded", status: "RESOURCE_EXHAUSTED" },
  },
  /** 403 of a per-minute quota, which the provider waits for. */
  quotaPerMinute: {
    error: {
      code: 403,
      message:
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'compute.googleapis.com' for consumer 'project_number:1'.",
      reason: "rateLimitExceeded",
      status: "PERMISSION_DENIED",
    },
  },
  /** 403 of a quota on resources, which waiting does not help. */
  quotaExceeded: {
    error: { code: 403, message: "Quota 'CPUS' exceeded. Limit: 24.0 in region.", reason: "quotaExceeded" },
  },
  /** 409 on setIamPolicy: somebody else wrote the policy in between. */
  concurrentPolicyChange: {
    error: {
      code: 409,
      message:
        "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.",
      reason: "aborted",
      status: "ABORTED",
    },
  },
  /** 400 while another operation works on the cluster. */
  incompatibleOperation: {
    error: {
      code: 400,
      message: "Cluster is running incompatible operation operation-1700000000000-00000000-0000-0000.",
      reason: "failedPrecondition",
      status: "FAILED_PRECONDITION",
      details: [errorInfo("CLUSTER_ALREADY_HAS_OPERATION", "container.googleapis.com")],
    },
  },
  /** 400 while a node pool of the cluster is being deleted, in the older wording. */
  deletingNodePool: {
    error: {
      code: 400,
      message:
        "Operation operation-1700000000000-00000000 is currently deleting a node pool for cluster default-cluster. Please wait and try again once it is done.",
      reason: "failedPrecondition",
      status: "FAILED_PRECONDITION",
    },
  },
  /** 429: five operations work on the cluster. */
  tooManyOperations: {
    error: {
      code: 429,
      message:
        'Too many operations: cluster "default-cluster" hits the concurrent operations quota 5, please try again later.',
      reason: "rateLimitExceeded",
      status: "RESOURCE_EXHAUSTED",
    },
  },
  /** The connection breaks before the request is read. */
  resetBefore: { reset: "before" },
  /** The request is carried out, the reply is lost. */
  resetAfter: { reset: "after" },
  /** The operation ends in an internal error. */
  operationError: { operation: { error: { code: "INTERNAL", message: "an internal error has occurred" } } },
  /** The operation finds no machines. */
  operationStockout: {
    operation: {
      error: {
        code: "RESOURCE_EXHAUSTED",
        message:
          "Google Compute Engine: Not all instances running in IGM. Current errors: [ZONE_RESOURCE_POOL_EXHAUSTED].",
      },
    },
  },
  /** The operation stays RUNNING until released. */
  operationStuck: { operation: { stuck: true } },
} as const satisfies Record<string, FaultEffect>;

/** Name of a ready-made fault. */
export type FaultPreset = keyof typeof FAULT_PRESETS;
