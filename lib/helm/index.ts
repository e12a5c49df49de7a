export * from "./render-values";
export * from "./values";
