export * from "./archive";
export * from "./chart-repository";
export * from "./outside-hosts";
export * from "./proxy";
