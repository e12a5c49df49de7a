export * from "./normalize";
export * from "./serializer";
export * from "./synth";
