import { type EnvironmentName, type Scenario, scenariosOf } from "../harness/scenario";
import { COMMANDS, PACKET_COMMANDS } from "./commands";
import { DRIFT, DRIFT_KUBE_PROXY, DRIFT_RELEASE } from "./day-two/drift";
import { EXISTING_PODS } from "./day-two/existing-pods";
import { REPLACE_POOL, SCALE, SCALE_FROM_ZERO } from "./day-two/node-pools";
import {
  FLOW_RELAY,
  HELM_VALUE,
  HUBBLE_UI,
  LABELS,
  MACHINE_TYPE,
  POLICY_LOGGING,
  STATIC_CONFLIST,
  TAKEN_BACK,
} from "./day-two/options";
import { CILIUM_MINOR, GKE_MINOR } from "./day-two/upgrades";
import { DEPLOY, DEPLOY_BESIDE } from "./deploy";
import { DESTROY, DESTROY_DEAD_CLUSTER, DESTROY_UNPROTECTED } from "./destroy";
import { EXAMPLES } from "./examples";
import { FAILED_POOLS } from "./faults/failed-pool";
import { GOOGLE_FAULTS } from "./faults/google";
import { CTRL_C, INTERRUPTED, KILLED, STUCK_OPERATION } from "./faults/interrupted";
import { API_SERVER_GONE, API_SERVER_RESTARTS, HELM_TIMEOUT } from "./faults/kubernetes";
import { ISOLATION } from "./isolation";
import { MONITORING, MONITORING_KIND, MONITORING_MANAGED } from "./monitoring";
import { PACKET_AGENT_RESTART } from "./packets/agent-restart";
import { PACKET_BASELINES } from "./packets/baselines";
import { PACKET_CHAINING } from "./packets/chaining";
import { PACKET_DESTROY } from "./packets/destroy";
import { PACKET_DNS } from "./packets/dns";
import { PACKET_EGRESS } from "./packets/egress";
import { PACKET_ENCRYPTION } from "./packets/encryption";
import { PACKET_EXAMPLES } from "./packets/examples";
import { PACKET_HEALTH } from "./packets/health";
import { PACKET_HUBBLE } from "./packets/hubble";
import { PACKET_JUDGE } from "./packets/judge";
import { PACKET_JUDGE_DRAWN, PACKET_JUDGE_SAMPLE } from "./packets/judge-sample";
import { PACKET_BANDWIDTH, PACKET_WIREGUARD } from "./packets/kernel-features";
import { PACKET_KUBE_PROXY } from "./packets/kube-proxy";
import { PACKET_LAYER7 } from "./packets/layer7";
import { PACKET_MESH } from "./packets/mesh";
import { PACKET_METRICS } from "./packets/metrics";
import { PACKET_NEW_NODE } from "./packets/new-node";
import { PACKET_POD_RANGES } from "./packets/pod-ranges";
import { PACKET_POLICIES } from "./packets/policies";
import { PACKET_REBOOT } from "./packets/reboot";
import { PACKET_SERVICES } from "./packets/services";
import { PACKET_SWITCH_BACK } from "./packets/switch/to-chaining";
import { PACKET_SWITCH } from "./packets/switch/to-kube-proxy-free";
import { POLICY_DEFINITIONS } from "./policies/agreement";
import { POLICIES } from "./policies/applied";
import { AUTOPILOT_PROMISES } from "./promises/auto";
import { CHAINING_PROMISES } from "./promises/dev";
import { DATAPLANE_V2_PROMISES } from "./promises/prod";
import { KUBE_PROXY_FREE_PROMISES } from "./promises/staging";
import { CHAINING_TO_KUBE_PROXY_FREE, KUBE_PROXY_BACK, SWITCH_REFUSED } from "./switch";

/** Everything that is shown, in the order in which an environment goes through it. */
export const SCENARIOS: readonly Scenario[] = [
  DEPLOY,
  CHAINING_PROMISES,
  KUBE_PROXY_FREE_PROMISES,
  DATAPLANE_V2_PROMISES,
  COMMANDS,
  EXAMPLES,
  PACKET_COMMANDS,
  PACKET_EXAMPLES,
  POLICY_DEFINITIONS,
  PACKET_SERVICES,
  PACKET_HEALTH,
  PACKET_CHAINING,
  PACKET_POLICIES,
  PACKET_BASELINES,
  PACKET_DNS,
  PACKET_LAYER7,
  PACKET_HUBBLE,
  PACKET_METRICS,
  PACKET_JUDGE,
  PACKET_JUDGE_DRAWN,
  PACKET_JUDGE_SAMPLE,
  PACKET_NEW_NODE,
  PACKET_AGENT_RESTART,
  PACKET_EGRESS,
  PACKET_ENCRYPTION,
  PACKET_WIREGUARD,
  PACKET_BANDWIDTH,
  PACKET_KUBE_PROXY,
  PACKET_REBOOT,
  PACKET_POD_RANGES,
  PACKET_DESTROY,
  PACKET_SWITCH,
  PACKET_SWITCH_BACK,
  PACKET_MESH,
  AUTOPILOT_PROMISES,
  REPLACE_POOL,
  SCALE,
  SCALE_FROM_ZERO,
  LABELS,
  MACHINE_TYPE,
  GKE_MINOR,
  CILIUM_MINOR,
  HELM_VALUE,
  EXISTING_PODS,
  HUBBLE_UI,
  STATIC_CONFLIST,
  POLICY_LOGGING,
  FLOW_RELAY,
  POLICIES,
  MONITORING,
  MONITORING_KIND,
  MONITORING_MANAGED,
  TAKEN_BACK,
  DRIFT,
  DRIFT_KUBE_PROXY,
  DRIFT_RELEASE,
  SWITCH_REFUSED,
  CHAINING_TO_KUBE_PROXY_FREE,
  KUBE_PROXY_BACK,
  ...GOOGLE_FAULTS,
  ...FAILED_POOLS,
  STUCK_OPERATION,
  INTERRUPTED,
  KILLED,
  CTRL_C,
  API_SERVER_RESTARTS,
  API_SERVER_GONE,
  HELM_TIMEOUT,
  DESTROY,
  DESTROY_DEAD_CLUSTER,
  DESTROY_UNPROTECTED,
  ISOLATION,
];

/**
 * The scenarios of one environment for two deployments of it, each in a cloud of its own: what changes it day by day and
 * in the end destroys it, and what switches and breaks it.
 *
 * @param isAlone Whether this is the only environment of the run.
 */
export function twoLanes(environment: EnvironmentName, isAlone: boolean): Scenario[][] {
  const all = scenariosOf(environment, SCENARIOS, undefined, isAlone);
  const beside = all.filter((scenario) => scenario.beside);
  return [all.filter((scenario) => !beside.includes(scenario)), [DEPLOY_BESIDE, ...beside, ISOLATION]];
}
