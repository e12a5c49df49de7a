export * from "./catalogue";
export * from "./options";
export * from "./resolve";
export * from "./rule";
export * from "./rule-groups";
