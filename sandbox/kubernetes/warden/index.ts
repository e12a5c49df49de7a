export * from "./configuration";
export * from "./decisions";
export * from "./iam";
export * from "./pod-rules";
export * from "./server";
export * from "./warden";
