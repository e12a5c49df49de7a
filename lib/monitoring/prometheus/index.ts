export * from "./chart-values";
export * from "./objects";
export * from "./options";
export * from "./prometheus-monitoring";
