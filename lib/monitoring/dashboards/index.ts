export * from "./cilium-dashboards";
export * from "./cloud-monitoring";
export * from "./grafana";
export * from "./model";
export * from "./overview";
