import { type AlertCases, constant, perSecond, thenAfter } from "../case";
import { AGENT, HERE } from "./targets";

export const CONTROL_PLANE_CASES = {
  CiliumControllersFailing: {
    fires: [[`cilium_controllers_failing{${AGENT}}`, constant(1)]],
    labels: HERE,
    shows: "1",
    silent: [[[`cilium_controllers_failing{${AGENT}}`, thenAfter(2, 10, 0)]]],
  },
  CiliumKubernetesApiErrors: {
    fires: [
      [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="503"}`, perSecond(1)],
      [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="200"}`, perSecond(3)],
    ],
    labels: HERE,
    shows: "25%",
    silent: [
      [
        [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="404"}`, perSecond(2)],
        [`cilium_k8s_client_api_calls_total{${AGENT}, method="PUT", return_code="409"}`, perSecond(2)],
        [`cilium_k8s_client_api_calls_total{${AGENT}, method="GET", return_code="200"}`, perSecond(1)],
      ],
    ],
  },
  CiliumUnmanagedPods: {
    fires: [['cilium_operator_unmanaged_pods{job="cilium-operator"}', constant(4)]],
    shows: "4",
    silent: [[['cilium_operator_unmanaged_pods{job="cilium-operator"}', thenAfter(4, 10, 0)]]],
  },
  CiliumConfigDrift: {
    fires: [[`cilium_drift_checker_config_delta{${AGENT}}`, constant(2)]],
    labels: HERE,
    shows: "2",
    silent: [[[`cilium_drift_checker_config_delta{${AGENT}}`, thenAfter(2, 20, 0)]]],
  },
  CiliumErrorsLogged: {
    fires: [[`cilium_errors_warnings_total{${AGENT}, level="ERROR", subsystem="daemon"}`, perSecond(0.5)]],
    labels: { ...HERE, subsystem: "daemon" },
    shows: "500m",
    silent: [
      [[`cilium_errors_warnings_total{${AGENT}, level="WARN", subsystem="daemon"}`, perSecond(2)]],
      [[`cilium_errors_warnings_total{${AGENT}, level="ERROR", subsystem="daemon"}`, perSecond(0.05)]],
    ],
  },
} satisfies AlertCases;
