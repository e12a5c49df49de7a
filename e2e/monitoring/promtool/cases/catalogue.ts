import type { AlertName } from "../../../../lib/monitoring";
import type { AlertCase } from "../case";
import { AGENT_CASES } from "./agents";
import { CONTROL_PLANE_CASES } from "./control-plane";
import { DATAPATH_CASES } from "./datapath";
import { DATAPLANE_V2_CASES } from "./dataplane-v2";
import { ENDPOINT_CASES } from "./endpoints";
import { HUBBLE_CASES } from "./hubble";
import { KUBE_PROXY_CASES } from "./kube-proxy";
import { POLICY_CASES } from "./policy";

/** For every alert: series that fire and series that must not. The type sees to it that none is forgotten. */
export const ALERT_CASES: Readonly<Record<AlertName, AlertCase>> = {
  ...AGENT_CASES,
  ...KUBE_PROXY_CASES,
  ...ENDPOINT_CASES,
  ...DATAPATH_CASES,
  ...POLICY_CASES,
  ...CONTROL_PLANE_CASES,
  ...HUBBLE_CASES,
  ...DATAPLANE_V2_CASES,
};
