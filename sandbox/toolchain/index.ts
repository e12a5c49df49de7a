export * from "./assets";
export * from "./cdktf";
export * from "./ensure";
export * from "./errors";
export * from "./providers";
export * from "./recipes";
export * from "./run";
export * from "./terraform";
