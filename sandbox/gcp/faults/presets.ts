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
  /** The operation finds no machines in the last zone of the pool; those of the other zones are created. */
  zoneStockout: { operation: { stockout: "last" } },
  /** The operation finds no block for its nodes in the pods range: hashicorp/terraform-cdk#1964. */
  podsRangeExhausted: {
    operation: {
      error: {
        code: "RESOURCE_EXHAUSTED",
        message:
          "\n\t(1) requested resource is exhausted: Not all instances running in IGM after 24.159253228s. Expected 1, running 0, transitioning 1. Current errors: [IP_SPACE_EXHAUSTED]: Instance 'gke-default-cluster-default-pool-4813919b-4f9v' creation failed: IP space of 'projects/default-project/regions/default-region/subnetworks/default-pods-49c037f0c13a0320' is exhausted.",
      },
    },
  },
  /** The operation that deletes a network finds a firewall rule that GKE left behind. */
  networkInUse: {
    operation: {
      error: {
        code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
        message:
          "The network resource 'projects/default-project/global/networks/default' is already being used by 'projects/default-project/global/firewalls/k8s-b3baa8b865bd5710-node-http-hc'",
      },
    },
  },
  /** 404 for a service account that was made a moment ago: IAM has not told it everywhere. */
  iamLag: { error: { code: 404, message: "Unknown service account", reason: "notFound", status: "NOT_FOUND" } },
  /** 400 for a policy that names a service account that was made a moment ago. */
  iamPolicyLag: {
    error: {
      code: 400,
      message: "Service account default@default-project.iam.gserviceaccount.com does not exist.",
      reason: "badRequest",
      status: "INVALID_ARGUMENT",
    },
  },
  /** The operation stays RUNNING until released. */
  operationStuck: { operation: { stuck: true } },
} as const satisfies Record<string, FaultEffect>;

/** Name of a ready-made fault. */
export type FaultPreset = keyof typeof FAULT_PRESETS;
