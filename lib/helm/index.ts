export { plainValues, valueFaults } from "./plain-values";
export * from "./render-values";
export * from "./values";
