export * from "./find";
export { NODES_VARIABLE, realNodesWanted } from "./option";
export { RealCluster } from "./real-cluster";
export { RealNodes } from "./real-nodes";
export { type Missing, RealNodesUnavailable } from "./requirements/missing";
