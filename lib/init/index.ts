export * from "./command";
export { constantName } from "./environment-file";
export * from "./files";
export * from "./options";
export * from "./questions";
export * from "./write";
