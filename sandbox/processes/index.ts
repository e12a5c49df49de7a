export * from "./identity";
export * from "./ledger";
export * from "./ports";
export * from "./program";
