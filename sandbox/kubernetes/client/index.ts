export * from "./client";
export * from "./informer";
export * from "./objects";
