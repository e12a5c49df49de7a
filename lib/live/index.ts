export * from "./connectivity/command";
export * from "./failure";
export * from "./hubble/command";
export * from "./status/command";
export * from "./status/finding";
