export * from "./cluster";
export { ClusterFiles, clusterKey } from "./control-plane";
export * from "./local-kubernetes";
export * from "./record";
