export * from "./change";
export * from "./machines";
export * from "./node-object";
export * from "./plan";
export * from "./reconcile";
