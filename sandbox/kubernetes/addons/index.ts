export * from "./definitions";
export * from "./features";
export * from "./install";
export * from "./load";
