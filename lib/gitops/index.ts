export { handOver } from "./hand-over";
export type { GitOpsTool, HandOverOptions } from "./options";
