import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessToken, GoogleClient, GoogleError } from "../doctor";
import type { Asked } from "./asked";
import type { LiveContext } from "./context";
import { Failure } from "./failure";

/** A cluster as GKE describes it, as far as a login needs it. */
interface GkeClusterView {
  readonly endpoint?: string;
  readonly status?: string;
  readonly masterAuth?: { readonly clusterCaCertificate?: string };
  readonly privateClusterConfig?: { readonly privateEndpoint?: string; readonly publicEndpoint?: string };
  readonly controlPlaneEndpointsConfig?: { readonly dnsEndpointConfig?: { readonly endpoint?: string } };
}

/**
 * Writes a kubeconfig that logs in as the environment's connection does: the same endpoint, the same way. Nobody's own
 * kubeconfig is read or changed.
 *
 * @returns Its path.
 * @throws Failure
 */
export async function writeKubeconfig(directory: string, asked: Asked, context: LiveContext): Promise<string> {
  const { token, finding } = accessToken(context.run, context.variables);
  if (token === undefined)
    throw new Failure("login", finding.detail, finding.remedy ?? "gcloud auth application-default login");
  const cluster = await describe(asked, new GoogleClient(token, context.variables));
  const host = addressOf(asked, cluster);
  const authority = asked.endpoint === "dns" ? undefined : cluster.masterAuth?.clusterCaCertificate;
  const user =
    asked.authentication === "access-token"
      ? { token }
      : {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "gke-gcloud-auth-plugin",
            interactiveMode: "Never",
          },
        };
  const path = join(directory, "kubeconfig");
  const name = "environment";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: { server: `https://${host}`, ...(authority && { "certificate-authority-data": authority }) },
      },
    ],
    users: [{ name, user }],
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

async function describe({ project, location, cluster }: Asked, google: GoogleClient): Promise<GkeClusterView> {
  const name = `projects/${project}/locations/${location}/clusters/${cluster}`;
  try {
    return await google.get<GkeClusterView>("CONTAINER", `v1/${name}`);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    const { status, message } = error;
    if (status === 401) throw new Failure("login", message, "gcloud auth application-default login");
    if (status === 403) throw new Failure("rights", message, `ask for roles/container.clusterViewer on ${project}`);
    if (status === 404)
      throw new Failure("reach", `there is no cluster ${name}`, "deploy it, or correct project, location and name");
    throw new Failure("reach", message, "look at the network, and at GOOGLE_CONTAINER_CUSTOM_ENDPOINT");
  }
}

function addressOf({ endpoint, cluster }: Asked, view: GkeClusterView): string {
  const address = {
    dns: view.controlPlaneEndpointsConfig?.dnsEndpointConfig?.endpoint,
    private: view.privateClusterConfig?.privateEndpoint,
    public: view.privateClusterConfig?.publicEndpoint ?? view.endpoint,
  }[endpoint];
  if (address) return address;
  throw new Failure(
    "reach",
    `cluster ${cluster} has no ${endpoint} endpoint${view.status === "RUNNING" ? "" : ` (it is ${view.status ?? "not ready"})`}`,
    "deploy the environment, so that the cluster is as its connection says",
  );
}
