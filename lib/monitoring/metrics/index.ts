export * from "./available";
export * from "./catalogue";
export * from "./daemon-sets";
export * from "./daemon-sets";
export * from "./dataplane-v2-metrics";
export * from "./hubble-handlers";
