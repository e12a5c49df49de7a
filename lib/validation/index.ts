// Whoever does without cdktf (the preview, the sandbox) imports `cidr` and `problems` by their own paths.
export * from "./check";
export * from "./cidr";
export { type ExaminedOptions, examine } from "./examine";
export * from "./google-names";
export * from "./judged";
export * from "./kinds";
export * from "./known";
export { withOtherNames } from "./other-names";
export * from "./problems";
export { closest } from "./suggest";
export * from "./warnings";
