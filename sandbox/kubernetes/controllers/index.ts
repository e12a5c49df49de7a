export * from "./cilium";
export * from "./held-pods";
export * from "./kube-proxy";
export * from "./load-balancers";
export * from "./loop";
export * from "./snapshot";
export * from "./stages";
export * from "./volumes";
