import type { Asked } from "../asked";
import { Failure } from "../failure";
import type { KubeApi } from "../kube-api";
import type { EndpointSlice, Secret, Service } from "../objects";

/** Where Google keeps the relay of Dataplane V2. */
export const MANAGED_NAMESPACE = "gke-managed-dpv2-observability";
/** What the chart writes into the relay's certificate where nothing else was asked for. */
const RELAY_NAME = "ui.hubble-relay.cilium.io";

/** The relay of a cluster. */
export interface Relay {
  readonly namespace: string;
  /** Whether Google runs it, with Hubble's command line beside it. */
  readonly managed: boolean;
  readonly clusterIp: string;
  readonly port: number;
  /** Name in its certificate; absent where it speaks plain text. */
  readonly serverName?: string;
}

/** Finds the relay. @throws Failure where there is none, or none that is ready. */
export async function findRelay(api: KubeApi, { cilium, environment }: Asked): Promise<Relay> {
  const namespace = cilium?.namespace ?? MANAGED_NAMESPACE;
  const service = await api.find<Service>(`/api/v1/namespaces/${namespace}/services/hubble-relay`);
  if (service === undefined)
    throw new Failure(
      "wrong",
      `there is no Hubble relay: no Service ${namespace}/hubble-relay`,
      cilium
        ? `hubble: { relay: true } in the dataplane of '${environment}', and deploy ${environment}-networking`
        : `flowRelay: true in Dataplane.v2() of '${environment}', and deploy ${environment}-cluster`,
    );
  await assertAnswered(api, namespace, "hubble-relay");
  const port = service.spec?.ports?.[0]?.port ?? 80;
  const values = cilium?.values["hubble"] as { relay?: { tls?: { server?: { relayName?: string } } } } | undefined;
  return {
    namespace,
    managed: cilium === undefined,
    clusterIp: service.spec?.clusterIP ?? "",
    port,
    ...(port === 443 && { serverName: values?.relay?.tls?.server?.relayName ?? RELAY_NAME }),
  };
}

/** The UI's namespace and port. @throws Failure where there is none, or none that is ready. */
export async function findUi(
  api: KubeApi,
  { cilium, environment }: Asked,
): Promise<{ readonly namespace: string; readonly port: number }> {
  const namespace = cilium?.namespace ?? MANAGED_NAMESPACE;
  const service = await api.find<Service>(`/api/v1/namespaces/${namespace}/services/hubble-ui`);
  if (service === undefined)
    throw new Failure(
      "wrong",
      `there is no Hubble UI: no Service ${namespace}/hubble-ui`,
      cilium
        ? `hubble: { ui: true } in the dataplane of '${environment}', and deploy ${environment}-networking`
        : "Google brings none for Dataplane V2: docs/dataplane-v2.md; flows without it: gke-cilium hubble without --ui",
    );
  await assertAnswered(api, namespace, "hubble-ui");
  return { namespace, port: service.spec?.ports?.[0]?.port ?? 80 };
}

async function assertAnswered(api: KubeApi, namespace: string, name: string): Promise<void> {
  const slices = await api.list<EndpointSlice>(
    `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${encodeURIComponent(`kubernetes.io/service-name=${name}`)}`,
  );
  const ready = slices.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
  if (!ready)
    throw new Failure(
      "wrong",
      `${name} is there, but no pod of it is ready`,
      `kubectl --namespace ${namespace} get pods --selector k8s-app=${name}; its certificates: gke-cilium status`,
    );
}

/** What Hubble's command line needs to trust the relay, and to be trusted. @throws Failure */
export async function relayCertificates(
  api: KubeApi,
  { namespace }: Relay,
): Promise<{ readonly authority: string; readonly certificate?: string; readonly key?: string }> {
  const read = (name: string) => api.find<Secret>(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  const [server, client] = await Promise.all([read("hubble-relay-server-certs"), read("hubble-relay-client-certs")]);
  const text = (secret: Secret | undefined, key: string) => {
    const data = secret?.data?.[key];
    return data === undefined ? undefined : Buffer.from(data, "base64").toString("utf8");
  };
  const authority = text(server, "ca.crt") ?? text(client, "ca.crt");
  if (authority === undefined)
    throw new Failure(
      "wrong",
      `no authority of the relay's certificate in Secret ${namespace}/hubble-relay-server-certs`,
      "see to the CronJob hubble-generate-certs, or to cert-manager where it signs",
    );
  const certificate = text(client, "tls.crt");
  const key = text(client, "tls.key");
  return { authority, ...(certificate && key && { certificate, key }) };
}
