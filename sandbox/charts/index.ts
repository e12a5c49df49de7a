export * from "./stand-in";
