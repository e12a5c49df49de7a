export * from "./find";
export { NODES_VARIABLE, realNodesWanted } from "./option";
export { RealCluster, RealNodes } from "./real-nodes";
export { type Missing, RealNodesUnavailable } from "./requirements/missing";
