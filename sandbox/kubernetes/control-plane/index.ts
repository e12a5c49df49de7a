export * from "./arguments";
export * from "./control-plane";
export * from "./credentials";
export * from "./endpoint";
export * from "./files";
export * from "./kubeconfig";
