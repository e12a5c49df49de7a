export * from "./command";
export * from "./finding";
export * from "./google";
export * from "./needs";
export * from "./quotas";
export * from "./tools";
