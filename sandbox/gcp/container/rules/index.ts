export { checkAutopilot, checkDecided, refusePools } from "./autopilot";
export { checkAuthorizedNetworks, checkControlPlaneRange, checkEndpoints } from "./endpoints";
export { checkFeatures, checkServices } from "./features";
export { checkResourceLabels } from "./labels";
export { checkMaintenance } from "./maintenance";
export { checkNodeConfig } from "./node-config";
export { checkParts, checkSurroundings } from "./request";
export { checkAutoprovisioning, checkAutoscaling, checkMaxPods, checkNodeCount, checkUpgradeSettings } from "./sizes";
