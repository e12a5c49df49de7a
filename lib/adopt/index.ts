export * from "./adopted";
