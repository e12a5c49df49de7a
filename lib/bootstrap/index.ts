export * from "./bootstrap-stack";
export * from "./deployer-roles";
export * from "./github-federation";
export * from "./options";
export * from "./project-bootstrap";
