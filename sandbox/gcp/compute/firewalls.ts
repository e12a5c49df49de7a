import type { Cloud } from "../cloud";
import { objectsOf, stringsOf, withDefaults } from "../json";
import { ComputeResources } from "./crud";
import { invalidField, resourceNotFound } from "./errors";
import { checkFirewall } from "./firewall-rules";
import type { ComputeKind } from "./kind";
import { computeName, selfLink, tailOf } from "./links";
import type { ComputeRoutes } from "./routes";

/** Fields that say where traffic comes from. */
const SOURCES = ["sourceRanges", "sourceTags", "sourceServiceAccounts"] as const;

const FIREWALLS: ComputeKind = {
  collection: "firewalls",
  kind: "compute#firewall",
  singular: "firewall",
  scope: "global",
  references: [{ field: "network" }],
  immutable: ["name", "network", "direction"],
  complete: (resource, { cloud, project }) => {
    checkFirewall(resource);
    // A rule that names no network is one of the network `default`.
    const network = tailOf(resource["network"], project) ?? `projects/${project}/global/networks/default`;
    if (!cloud.store.has(computeName(network))) throw resourceNotFound(network);
    const completed = withDefaults(resource, {
      network: selfLink(network),
      direction: "INGRESS",
      priority: 1000,
      disabled: false,
      logConfig: { enable: false },
    });
    const allowed = objectsOf(resource["allowed"]);
    const denied = objectsOf(resource["denied"]);
    if ((allowed.length === 0) === (denied.length === 0)) {
      throw invalidField("allowed", "", "Firewall rule must specify either allowed or denied, and not both.");
    }
    if (allowed.length === 0) delete completed["allowed"];
    if (denied.length === 0) delete completed["denied"];
    const egress = completed["direction"] === "EGRESS";
    if (egress && SOURCES.some((field) => stringsOf(resource[field]).length > 0)) {
      throw invalidField("sourceRanges", resource["sourceRanges"], "An egress rule takes no sources.");
    }
    if (!egress && SOURCES.every((field) => stringsOf(resource[field]).length === 0)) {
      completed["sourceRanges"] = ["0.0.0.0/0"];
    }
    if (egress && stringsOf(resource["destinationRanges"]).length === 0) completed["destinationRanges"] = ["0.0.0.0/0"];
    return completed;
  },
};

/** Firewall rules of networks. */
export function firewallRoutes(add: ComputeRoutes, cloud: Cloud): void {
  new ComputeResources(cloud, FIREWALLS).routes(add);
}
