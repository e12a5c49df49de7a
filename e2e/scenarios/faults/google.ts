import { FAULT_PRESETS } from "../../../sandbox/gcp/faults/presets";
import { type FaultCase, faultScenario } from "./fault-case";

/** Changes a subnetwork in place. */
const FLOW_LOGS = { edit: "flow-logs=0.25", method: "PATCH", path: "/subnetworks/" };
/** Makes another node pool and removes the one before. */
const NEW_POOL = { edit: "max-pods=64", method: "POST", path: "/nodePools$" };
const OLD_POOL = { edit: "max-pods=64", method: "DELETE", path: "/nodePools/" };
/** Changes the cluster in place. */
const CLUSTER_LABEL = { edit: "label=core", method: "POST", path: ":setResourceLabels$" };
/** Writes the project's IAM policy. */
const IAM = { edit: "node-role=roles/monitoring.viewer", method: "POST", path: ":setIamPolicy$" };

const CASES: readonly FaultCase[] = [
  {
    id: "fault-503",
    title: "503: the service is away for a moment",
    environments: ["dev"],
    edit: FLOW_LOGS.edit,
    fault: { ...FAULT_PRESETS.unavailable, method: FLOW_LOGS.method, path: FLOW_LOGS.path, times: 2 },
    outcome: "ridden out",
  },
  {
    id: "fault-503-storm",
    title: "503 for longer than the provider waits",
    environments: ["dev"],
    slow: true,
    // Of the cluster's requests, which the provider repeats for 90 seconds; those of the network for 20 minutes.
    edit: CLUSTER_LABEL.edit,
    fault: { ...FAULT_PRESETS.unavailable, method: CLUSTER_LABEL.method, path: CLUSTER_LABEL.path, times: 0 },
    outcome: /Error 503: The service is currently unavailable/,
  },
  {
    id: "fault-429",
    title: "429: too many requests",
    environments: ["dev"],
    edit: CLUSTER_LABEL.edit,
    fault: { ...FAULT_PRESETS.rateLimited, method: CLUSTER_LABEL.method, path: CLUSTER_LABEL.path, times: 2 },
    outcome: "ridden out",
  },
  {
    id: "fault-409-policy",
    title: "409: somebody else writes the IAM policy at the same time",
    environments: ["staging"],
    edit: IAM.edit,
    fault: { ...FAULT_PRESETS.concurrentPolicyChange, method: IAM.method, path: IAM.path, times: 1 },
    outcome: "ridden out",
  },
  {
    id: "fault-iam-lag",
    title: "400: an account that was made a moment ago is not known to IAM yet",
    environments: ["staging"],
    edit: IAM.edit,
    fault: { ...FAULT_PRESETS.iamPolicyLag, method: IAM.method, path: IAM.path, times: 1 },
    outcome: /Error 400: Service account .* does not exist/,
  },
  {
    id: "fault-403-quota",
    title: "403: a quota is exhausted",
    environments: ["dev"],
    edit: NEW_POOL.edit,
    fault: { ...FAULT_PRESETS.quotaExceeded, method: NEW_POOL.method, path: NEW_POOL.path },
    outcome: /Error 403: Quota 'CPUS' exceeded/,
  },
  {
    id: "fault-400-cluster",
    title: "400: the cluster is busy with another operation",
    environments: ["prod"],
    edit: CLUSTER_LABEL.edit,
    fault: { ...FAULT_PRESETS.incompatibleOperation, method: CLUSTER_LABEL.method, path: CLUSTER_LABEL.path },
    outcome: /Error 400: Cluster is running incompatible operation/,
  },
  {
    id: "fault-400-pool",
    title: "400: another node pool is being deleted",
    environments: ["staging"],
    edit: NEW_POOL.edit,
    fault: { ...FAULT_PRESETS.deletingNodePool, method: NEW_POOL.method, path: NEW_POOL.path, times: 2 },
    outcome: "ridden out",
  },
  {
    id: "fault-reset-before",
    title: "The connection breaks before a request is read",
    environments: ["dev"],
    edit: NEW_POOL.edit,
    fault: { method: NEW_POOL.method, path: NEW_POOL.path, reset: "before" },
    outcome: "ridden out",
  },
  {
    id: "fault-reset-after",
    title: "The connection breaks after a deletion was carried out",
    environments: ["prod"],
    edit: OLD_POOL.edit,
    fault: { method: OLD_POOL.method, path: OLD_POOL.path, reset: "after" },
    // The provider asks again, and what it wants to delete is gone already.
    outcome: /Error deleting NodePool: .*Error 404: Not found/,
  },
];

/** What the API itself answers wrongly, late or not at all. */
export const GOOGLE_FAULTS = CASES.map(faultScenario);
