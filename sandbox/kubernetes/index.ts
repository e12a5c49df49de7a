export * from "./cluster";
export * from "./local-kubernetes";
