export * from "./assets";
export * from "./ensure";
export * from "./errors";
export * from "./recipes";
