export * from "./change";
export * from "./node-object";
export * from "./plan";
export * from "./reconcile";
