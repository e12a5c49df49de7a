export * from "./cilium-dashboards";
export * from "./model";
export * from "./overview";
