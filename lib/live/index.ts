export * from "./failure";
export * from "./status/command";
export * from "./status/finding";
