/** Two agents, as their series carry them from their targets. */
export const AGENT = 'job="cilium-agent", pod="cilium-a", node="node-a"';
export const OTHER = 'job="cilium-agent", pod="cilium-b", node="node-b"';
/** Labels of alerts about the first of them. */
export const HERE = { pod: "cilium-a", node: "node-a" };
