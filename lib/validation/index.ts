export * from "./cidr";
export * from "./problems";
export * from "./warnings";
