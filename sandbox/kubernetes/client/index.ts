export * from "./client";
export * from "./discovery";
export * from "./informer";
export * from "./objects";
