export * from "./facts";
export * from "./monitoring";
