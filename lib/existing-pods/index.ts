export * from "./existing-pods";
export {
  EXISTING_PODS_OPTIONS,
  type ExistingPodsOptions,
  existingPodsProblems,
  existingPodsRules,
} from "./options";
