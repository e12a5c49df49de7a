export { type InvalidEnvironment, invalidEnvironments } from "./invalid-environments";
export * from "./matchers";
export * from "./normalize";
export { expectNoReplacements, replacementsBetween, type Synthesizable } from "./replacements";
export * from "./serializer";
export * from "./synth";
