export * from "./matchers";
export * from "./normalize";
export * from "./replacements";
export * from "./serializer";
export * from "./synth";
