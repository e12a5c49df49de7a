export * from "./network-logging";
