import { readFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import type { Socket } from "node:net";
import { connect, rootCertificates } from "node:tls";
import type { LiveCluster } from "./google";

type Variables = Readonly<Record<string, string | undefined>>;

const PATIENCE_MS = 30_000;

/** Where the Kubernetes API of a cluster answers, and whom it proves to be. */
export interface ApiAddress {
  readonly endpoint: "dns" | "public" | "private";
  readonly host: string;
  /** Certificate of the cluster's own authority; absent with the DNS-based endpoint, whose certificate everybody trusts. */
  readonly authority?: string;
}

/** The DNS-based endpoint where it lets people in, else the public address, else the private one. */
export function apiAddress(cluster: LiveCluster): ApiAddress {
  const { controlPlaneEndpointsConfig: endpoints, privateClusterConfig: privacy, masterAuth } = cluster;
  const dns = endpoints?.dnsEndpointConfig;
  if (dns?.allowExternalTraffic && dns.endpoint) return { endpoint: "dns", host: dns.endpoint };
  const authority = Buffer.from(masterAuth?.clusterCaCertificate ?? "", "base64").toString("utf8");
  const isPublic = endpoints?.ipEndpointsConfig?.enablePublicEndpoint ?? privacy?.enablePrivateEndpoint !== true;
  const address = isPublic ? (privacy?.publicEndpoint ?? cluster.endpoint) : privacy?.privateEndpoint;
  return { endpoint: isPublic ? "public" : "private", host: address ?? cluster.endpoint ?? "", authority };
}

/**
 * Reads an object or a list of the Kubernetes API. `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE` count as they do for
 * Terraform.
 *
 * @throws Error with the API's own words where it answers otherwise than with what was asked for.
 */
export async function readKubernetes<T>(
  address: ApiAddress,
  token: string,
  path: string,
  variables: Variables,
): Promise<T> {
  const { status, body } = await get(address, token, path, variables).catch((error: Error) => {
    throw new Error(`the Kubernetes API at ${address.host} does not answer: ${error.message}`);
  });
  if (status === 200) return JSON.parse(body) as T;
  throw new Error(`the Kubernetes API at ${address.host} answers ${status}: ${messageOf(body)}`);
}

function get(
  { host, authority }: ApiAddress,
  token: string,
  path: string,
  variables: Variables,
): Promise<{ readonly status: number; readonly body: string }> {
  const [name = host, port = "443"] = host.split(":");
  const trusted = variables["SSL_CERT_FILE"];
  const ca = authority || (trusted ? [...rootCertificates, readFileSync(trusted, "utf8")] : undefined);
  return new Promise((done, fail) => {
    tunnel(name, port, variables)
      .then((socket) => {
        const agent = socket && new Agent({ keepAlive: false });
        if (agent && socket)
          agent.createConnection = () => connect({ socket, servername: name, ...(ca ? { ca } : {}) });
        const asked = request(
          {
            host: name,
            port,
            path,
            headers: { authorization: `Bearer ${token}`, accept: "application/json" },
            timeout: PATIENCE_MS,
            ...(ca ? { ca } : {}),
            ...(agent ? { agent } : {}),
          },
          (response) => {
            const parts: Buffer[] = [];
            response.on("data", (part: Buffer) => parts.push(part));
            response.on("error", fail);
            response.on("end", () =>
              done({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") }),
            );
          },
        );
        asked.on("timeout", () => asked.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
        asked.on("error", fail).end();
      })
      .catch(fail);
  });
}

/** A way through the proxy, where one is named for this host. */
function tunnel(host: string, port: string, variables: Variables): Promise<Socket | undefined> {
  const named = variables["HTTPS_PROXY"] ?? variables["https_proxy"];
  if (!named || isExempt(host, variables["NO_PROXY"] ?? variables["no_proxy"] ?? "")) return Promise.resolve(undefined);
  const proxy = new URL(named);
  const credentials = proxy.username
    ? {
        "proxy-authorization": `Basic ${Buffer.from(
          `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`,
        ).toString("base64")}`,
      }
    : {};
  return new Promise((done, fail) => {
    plainRequest({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: "CONNECT",
      path: `${host}:${port}`,
      headers: credentials,
      timeout: PATIENCE_MS,
    })
      .on("connect", ({ statusCode }, socket) => {
        if (statusCode === 200) done(socket);
        else fail(new Error(`the proxy ${proxy.host} answers ${statusCode}`));
      })
      .on("error", fail)
      .end();
  });
}

function isExempt(host: string, exempt: string): boolean {
  return exempt
    .split(",")
    .map((each) => each.trim().replace(/^\*?\./, ""))
    .some((each) => each === "*" || (each !== "" && (host === each || host.endsWith(`.${each}`))));
}

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    if (message) return message;
  } catch {
    // Not JSON: a proxy's page, say.
  }
  return body.slice(0, 200) || "nothing";
}
