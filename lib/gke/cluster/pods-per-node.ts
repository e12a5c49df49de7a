import { type Check, wholeNumber } from "../../validation";

/** What GKE takes, https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr. */
const MIN_PODS_PER_NODE = 8;
const MAX_PODS_PER_NODE = 256;

/** A number of pods a node. */
export const maxPods: Check = wholeNumber({
  from: MIN_PODS_PER_NODE,
  to: MAX_PODS_PER_NODE,
  remedy: "choose another, such as 110",
});
