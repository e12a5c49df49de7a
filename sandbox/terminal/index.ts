export * from "./reporter";
export * from "./style";
