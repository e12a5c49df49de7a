import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { type EffectiveRelease, effectiveValue } from "../cilium";
import type { ClusterConnectionProps, GkeCluster } from "../gke";

/** Flag with which kubectl takes the same way to the control plane as Terraform. */
const ENDPOINT_FLAGS = { dns: " --dns-endpoint", private: " --internal-ip", public: "" } as const;

/** Outputs by name, e.g. `connect`, each with a sentence. Their names are public interface. */
export type Outputs = Readonly<Record<string, { readonly value: string; readonly description: string }>>;

/** Declares outputs under their own names. */
export function addOutputs(scope: Construct, outputs: Outputs): void {
  for (const [name, config] of Object.entries(outputs))
    new TerraformOutput(scope, `output-${name}`, config).overrideLogicalId(name);
}

/** What a person copies when the cluster is there. */
export function clusterOutputs({ cluster }: GkeCluster, connection: ClusterConnectionProps): Outputs {
  const { project, location, endpoint = "dns" } = connection;
  const flag = ENDPOINT_FLAGS[endpoint];
  return {
    cluster_name: { value: cluster.name, description: "Name of the cluster" },
    cluster_location: { value: cluster.location, description: "Region or zone of the cluster" },
    cluster_endpoint: {
      value:
        endpoint === "dns"
          ? cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint
          : endpoint === "private"
            ? cluster.privateClusterConfig.privateEndpoint
            : cluster.privateClusterConfig.publicEndpoint,
      description: "Address of the control plane that Terraform talks to",
    },
    connect: {
      value: `gcloud container clusters get-credentials ${cluster.name} --location ${location} --project ${project}${flag}`,
      description: "Logs kubectl in to the cluster",
    },
  };
}

/** How to see Hubble's map, where a release brings it. */
export function hubbleOutputs(release: EffectiveRelease | undefined): Outputs {
  if (release === undefined || effectiveValue(release, "hubble.ui.enabled") !== true) return {};
  return {
    hubble_ui: {
      value: `kubectl --namespace ${release.namespace} port-forward service/hubble-ui 12000:80`,
      description: "Makes Hubble's map answer at http://localhost:12000",
    },
  };
}

/** How to see Grafana, where there is one. */
export function grafanaOutputs(command: string | undefined): Outputs {
  if (command === undefined) return {};
  return { grafana: { value: command, description: "Makes Grafana answer at http://localhost:3000" } };
}
