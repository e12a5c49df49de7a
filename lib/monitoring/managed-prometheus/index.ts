export * from "./alert-policies";
export * from "./kept-metrics";
export * from "./managed-prometheus-monitoring";
export * from "./objects";
export * from "./options";
