import type { Cloud } from "../cloud";
import type { Router } from "../http/router";
import { addressRoutes } from "./addresses";
import { customRouteRoutes } from "./custom-routes";
import { diskRoutes } from "./disks";
import { firewallRoutes } from "./firewalls";
import { instanceGroupRoutes } from "./instance-groups";
import { networkRoutes } from "./networks";
import { operationRoutes } from "./operations";
import { placeRoutes } from "./places";
import { routerRoutes } from "./routers";
import { sharedVpcRoutes } from "./shared-vpc";
import { subnetworkPolicyRoutes } from "./subnetwork-policies";
import { subnetworkRoutes } from "./subnetworks";

/** `compute.googleapis.com`: networks and what belongs to them, places, instance groups, disks, operations. */
export function addCompute(router: Router, cloud: Cloud): void {
  const add = router.service({ host: "compute.googleapis.com", prefix: "/compute/v1", errors: "compute" });
  operationRoutes(add, cloud);
  placeRoutes(add, cloud);
  networkRoutes(add, cloud);
  subnetworkRoutes(add, cloud);
  subnetworkPolicyRoutes(add, cloud);
  routerRoutes(add, cloud);
  firewallRoutes(add, cloud);
  addressRoutes(add, cloud);
  customRouteRoutes(add, cloud);
  instanceGroupRoutes(add, cloud);
  diskRoutes(add, cloud);
  sharedVpcRoutes(add, cloud);
}
