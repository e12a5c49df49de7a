export * from "./agent-flags";
export * from "./chart-keys";
export * from "./encryption-change";
export * from "./removed-keys";
export * from "./renamed-metrics";
export * from "./value-types";
export * from "./versions";
