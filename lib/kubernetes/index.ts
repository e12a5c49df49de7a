export * from "./manifest";
export * from "./manifest-release";
