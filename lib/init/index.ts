export * from "./command";
export * from "./files";
export * from "./options";
export * from "./questions";
export * from "./write";
