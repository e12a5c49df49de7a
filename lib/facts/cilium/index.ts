export * from "./agent-flags";
export * from "./chart-keys";
export * from "./removed-keys";
export * from "./value-types";
export * from "./versions";
