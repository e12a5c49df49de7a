export * from "./command";
export * from "./finding";
export * from "./needs";
export * from "./quotas";
