import type { JsonObject } from "../../../sandbox/gcp/json";
import { type GoogleCloudSimulatorOptions, SANDBOX_ACCESS_TOKEN } from "../../../sandbox/gcp/options";
import { GoogleCloudSimulator } from "../../../sandbox/gcp/simulator";

/** The project that tests work in. */
export const PROJECT = "acme-dev";

/** The region that tests work in. */
export const REGION = "asia-northeast1";

/** What the simulator answered. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** A simulator that listens, with a client of it. */
export interface TestCloud {
  readonly simulator: GoogleCloudSimulator;
  readonly url: string;
  /** Sends a request with a JSON body. */
  readonly call: (method: string, path: string, body?: JsonObject) => Promise<Answer>;
  /** Sends a request that must succeed. */
  readonly ok: (method: string, path: string, body?: JsonObject) => Promise<JsonObject>;
}

const running: GoogleCloudSimulator[] = [];

/** Starts a simulator; {@link stopAll} stops it. */
export async function start(options: GoogleCloudSimulatorOptions = {}): Promise<TestCloud> {
  const simulator = new GoogleCloudSimulator({ projects: [PROJECT], ...options });
  const { url } = await simulator.listen();
  running.push(simulator);
  const call = (method: string, path: string, body?: JsonObject): Promise<Answer> => send(url, method, path, body);
  const ok = async (method: string, path: string, body?: JsonObject): Promise<JsonObject> => {
    const answer = await call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return { simulator, url, call, ok };
}

/** Sends a request as the holder of a token. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: JsonObject,
  token: string = SANDBOX_ACCESS_TOKEN,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const json = text === "" ? {} : (JSON.parse(text) as JsonObject);
  return { status: response.status, body: json, headers: response.headers };
}

/** Stops every simulator that was started. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
}

/** Message of an error. */
export function messageOf(answer: Answer): string {
  return String((answer.body["error"] as JsonObject | undefined)?.["message"] ?? "");
}

/** `errors[0].reason` of an error. */
export function reasonOf(answer: Answer): string {
  const error = answer.body["error"] as { errors?: { reason?: string }[] } | undefined;
  return error?.errors?.[0]?.reason ?? "";
}

const COMPUTE = `/compute/v1/projects/${PROJECT}`;

/** Paths of compute. */
export const paths = {
  networks: `${COMPUTE}/global/networks`,
  subnetworks: `${COMPUTE}/regions/${REGION}/subnetworks`,
  routers: `${COMPUTE}/regions/${REGION}/routers`,
  addresses: `${COMPUTE}/regions/${REGION}/addresses`,
  firewalls: `${COMPUTE}/global/firewalls`,
  clusters: `/container/v1/projects/${PROJECT}/locations/${REGION}/clusters`,
} as const;

/** Makes the network `main` with the subnetwork `nodes` and its ranges `pods` and `services`. */
export async function makeNetwork({ ok }: TestCloud): Promise<void> {
  await ok("POST", paths.networks, { name: "main", autoCreateSubnetworks: false });
  await ok("POST", paths.subnetworks, {
    name: "nodes",
    network: `projects/${PROJECT}/global/networks/main`,
    ipCidrRange: "10.16.0.0/20",
    privateIpGoogleAccess: true,
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.20.0.0/14" },
      { rangeName: "services", ipCidrRange: "10.24.0.0/20" },
    ],
  });
}

/** A cluster on that network, as the provider asks for one. */
export function clusterRequest(more: JsonObject = {}): JsonObject {
  return {
    name: "dev",
    network: `projects/${PROJECT}/global/networks/main`,
    subnetwork: `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`,
    initialNodeCount: 1,
    ipAllocationPolicy: {
      useIpAliases: true,
      clusterSecondaryRangeName: "pods",
      servicesSecondaryRangeName: "services",
    },
    ...more,
  };
}

/** Makes the network and the cluster `dev` on it. */
export async function makeCluster(cloud: TestCloud, more: JsonObject = {}): Promise<JsonObject> {
  await makeNetwork(cloud);
  await cloud.ok("POST", paths.clusters, { cluster: clusterRequest(more) });
  return cloud.ok("GET", `${paths.clusters}/dev`);
}
