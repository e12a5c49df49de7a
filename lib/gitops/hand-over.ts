import type { Release } from "@cdktf/provider-helm/lib/release";
import { TerraformResource } from "cdktf";
import type { CiliumRelease } from "../cilium";
import type { Environment } from "../environment";
import { lookUp } from "../facts/look-up";
import { type HelmValue, type HelmValues, isValuesMap } from "../helm";
import { ConfigurationError, describeProblem, examine, isKnown, type Problem } from "../validation";
import { argoApplication } from "./argo-cd";
import { fluxObjects } from "./flux";
import type { Installation, KubernetesObject } from "./installation";
import { HAND_OVER_OPTIONS, type HandOverOptions } from "./options";

const NAMESPACES = { "argo-cd": "argocd", flux: "flux-system" } as const;

/**
 * Hands the release of Cilium over to Argo CD or Flux: returns the files for their repository, and takes the release out of
 * the networking stack. Terraform forgets it by the next deployment and destroys nothing (`removed`); policies, the remover of
 * kube-proxy and everything else stay with Terraform. For `synthesize`'s second argument.
 *
 * A first installation is Terraform's: Argo CD and Flux are pods, and no pod starts on a node before Cilium does.
 *
 * @returns Path in the repository to text.
 * @throws ConfigurationError with everything that keeps the release from being handed over.
 */
export function handOver(environment: Environment, given: HandOverOptions): ReadonlyMap<string, string> {
  if (environment?.effective === undefined)
    throw new ConfigurationError([
      "handOver: 'environment' is no Environment but perhaps its definition; call it in synthesize()'s second argument, with one of its environments",
    ]);
  const { name } = environment.effective;
  const { problems: wrong, options } = examine<HandOverOptions>(given, HAND_OVER_OPTIONS);
  const cilium = environment.networking.dataplane.parts.cilium;
  const values = cilium && { ...cilium.values, ...answersOf(options) };
  const problems = [...wrong, ...(values === undefined ? noRelease(environment) : tokenProblems(values))];
  if (problems.length > 0 || cilium === undefined || values === undefined)
    throw new ConfigurationError(problems.map((problem) => describeProblem(`${name}: handOver`, problem)));

  const { tool } = options;
  const installation: Installation = {
    ...installationOf(cilium),
    environment: name,
    values,
    namespace: options.namespace ?? NAMESPACES[tool],
    project: options.project ?? "default",
  };
  const objects = tool === "flux" ? fluxObjects(installation) : [argoApplication(installation)];
  forget(environment, cilium.release);
  return new Map([[`${name}-cilium.yaml`, documents(objects)]]);
}

function installationOf({ release, version, namespace }: CiliumRelease) {
  return {
    release: release.nameInput ?? "cilium",
    releaseNamespace: namespace,
    repository: release.repositoryInput ?? "",
    chart: release.chartInput ?? "cilium",
    version: version.toString(),
    timeoutSeconds: release.timeoutInput ?? 900,
  };
}

/** The release leaves the stack, and what waited for it waits no longer. */
function forget({ networking }: Environment, release: Release): void {
  const address = `${release.terraformResourceType}.${release.friendlyUniqueId}`;
  const owner = release.node.scope;
  owner?.node.tryRemoveChild(release.node.id);
  for (const each of networking.node.findAll())
    if (TerraformResource.isTerraformResource(each) && each.dependsOn?.includes(address))
      each.dependsOn = each.dependsOn.filter((other) => other !== address);
  networking.addOverride("removed", [{ from: address, lifecycle: { destroy: false } }]);
}

function noRelease({ effective }: Environment): Problem[] {
  return [
    {
      property: "dataplane",
      value: effective.dataplane.kind,
      rule: "has no release of Cilium: Google installs it",
      remedy: "leave handOver out",
    },
  ];
}

/** What Terraform would have looked up, as far as it is given. */
function answersOf({ k8sServiceHost, upgradeCompatibility }: HandOverOptions): HelmValues {
  return {
    ...(k8sServiceHost === undefined ? {} : { k8sServiceHost }),
    ...(upgradeCompatibility === undefined ? {} : { upgradeCompatibility }),
  };
}

/** Where to find what an option is asked for. */
const REMEDIES: Readonly<Record<string, string>> = {
  k8sServiceHost:
    "give the address of the API server: gcloud container clusters describe, --format 'value(privateClusterConfig.privateEndpoint)'",
  upgradeCompatibility:
    "give the minor that the cluster was first installed with, such as 1.19: terraform state show has it, in terraform_data of the networking stack",
};

/** What Terraform finds out while it applies cannot stand in a file. */
function tokenProblems(values: HelmValue | undefined, path = ""): Problem[] {
  if (isValuesMap(values))
    return Object.entries(values).flatMap(([key, value]) => tokenProblems(value, path === "" ? key : `${path}.${key}`));
  const list: readonly HelmValue[] = Array.isArray(values) ? values : [values as HelmValue];
  if (list.every((each) => each === undefined || isKnown(each))) return [];
  const remedy = lookUp(REMEDIES, path);
  return [
    {
      property: remedy === undefined ? `values.${path}` : path,
      rule: "is known to Terraform only, and a file in a repository needs it as text",
      remedy: remedy ?? "write the value itself in the dataplane's values",
    },
  ];
}

function documents(objects: readonly KubernetesObject[]): string {
  const { stringify } = require("yaml") as typeof import("yaml");
  return objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
}
