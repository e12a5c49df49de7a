export * from "./chart";
export * from "./dashboard-config-maps";
export * from "./grafana-options";
export * from "./grafana-values";
export * from "./namespace";
export * from "./placement";
