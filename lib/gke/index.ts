export * from "./cluster-datapath";
export * from "./node-taint";
