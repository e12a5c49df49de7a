export * from "./commands";
export * from "./context";
export * from "./start";
export * from "./status";
