export * from "./gateway-api-definitions";
export * from "./manifest";
export * from "./manifest-release";
