import type { Handler } from "../http/router";

/** Adds a route of the compute service. */
export type ComputeRoutes = (method: string, template: string, handler: Handler) => void;
