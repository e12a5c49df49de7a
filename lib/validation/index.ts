// `warnings.ts` is imported by its own path: it alone loads cdktf, which the preview and the sandbox do without.
export * from "./cidr";
export * from "./problems";
