export * from "./cidr";
export * from "./problems";
