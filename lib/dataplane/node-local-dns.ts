import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { type Manifest, ManifestRelease } from "../kubernetes";
import { type CheckTable, type Problem, text } from "../validation";
import type { DataplaneFacts } from "./facts";

const NAMESPACE = "kube-system";
const NAME = "node-local-dns";
const LABELS = { "k8s-app": NAME };
/** Service by which the cache reaches the cluster's DNS: a redirect answers the usual one, the cache's own queries too. */
const UPSTREAM = "kube-dns-upstream";
const DNS_PORT = 53;
const METRICS_PORT = 9253;
const HEALTH_PORT = 8080;
/** Published by Kubernetes; the version that Cilium 1.20.2's own example has (examples/kubernetes-local-redirect). */
const DEFAULT_IMAGE = "registry.k8s.io/dns/k8s-dns-node-cache:1.26.5";

/**
 * A cache of DNS on every node that Cilium can redirect to. GKE's NodeLocal DNSCache is on the host's network, where a
 * CiliumLocalRedirectPolicy selects nothing; this one has a network of its own.
 *
 * @see https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/#node-local-dns-cache
 */
export interface NodeLocalDnsOptions {
  /**
   * Image of the cache, with its tag or digest.
   *
   * @default "registry.k8s.io/dns/k8s-dns-node-cache:1.26.5"
   */
  readonly image?: string;
}

/** What the options must look like. */
export const NODE_LOCAL_DNS_OPTIONS: CheckTable<NodeLocalDnsOptions> = {
  image: text({ matches: /^\S+[:@]\S+$/, rule: "has neither tag nor digest", remedy: `write it as ${DEFAULT_IMAGE}` }),
};

/** What is wrong between the cache and what GKE runs for DNS. */
export function nodeLocalDnsProblems(
  { cluster }: DataplaneFacts,
  options: NodeLocalDnsOptions | undefined,
  redirects: unknown,
): Problem[] {
  if (options === undefined) return [];
  const problems: Problem[] = [];
  const wrong = (rule: string, remedy: string) => problems.push({ property: "dataplane.nodeLocalDns", rule, remedy });
  if (redirects === false) wrong("needs local redirects, which are off", "leave localRedirectPolicies out");
  if (cluster?.nodeLocalDns === true)
    wrong("is a second cache beside GKE's (cluster.nodeLocalDns)", "leave one of the two out");
  if (cluster?.dns?.provider === "CLOUD_DNS")
    wrong("has nothing to redirect with Cloud DNS, which pods ask without a Service", "leave it out");
  return problems;
}

/** The objects: a cache on each node, its way to the cluster's DNS, and the redirect of kube-dns to it. */
export function nodeLocalDnsManifests({ image = DEFAULT_IMAGE }: NodeLocalDnsOptions = {}): Manifest[] {
  const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };
  const both = (field: (protocol: "UDP" | "TCP", name: string) => Record<string, string | number>) => [
    field("UDP", "dns"),
    field("TCP", "dns-tcp"),
  ];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: UPSTREAM, namespace: NAMESPACE, labels: LABELS },
      spec: {
        selector: { "k8s-app": "kube-dns" },
        ports: both((protocol, name) => ({ name, protocol, port: DNS_PORT, targetPort: DNS_PORT })),
      },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile() } },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata,
      spec: {
        selector: { matchLabels: LABELS },
        updateStrategy: { rollingUpdate: { maxUnavailable: "10%" } },
        template: {
          metadata: {
            labels: LABELS,
            // Queries of a whole node would fill the tables of connections.
            annotations: { "policy.cilium.io/no-track-port": String(DNS_PORT) },
          },
          spec: {
            priorityClassName: "system-node-critical",
            serviceAccountName: NAME,
            automountServiceAccountToken: false,
            // The node's own resolver: the cluster's would be the cache itself.
            dnsPolicy: "Default",
            nodeSelector: { "kubernetes.io/os": "linux" },
            tolerations: [{ operator: "Exists" }],
            containers: [
              {
                name: "node-cache",
                image,
                args: [
                  "-localip",
                  "169.254.20.10",
                  "-conf",
                  "/etc/Corefile",
                  "-upstreamsvc",
                  UPSTREAM,
                  "-skipteardown=true",
                  "-setupinterface=false",
                  "-setupiptables=false",
                ],
                resources: { requests: { cpu: "25m", memory: "32Mi" }, limits: { memory: "256Mi" } },
                ports: [
                  ...both((protocol, name) => ({ name, protocol, containerPort: DNS_PORT })),
                  { name: "metrics", protocol: "TCP", containerPort: METRICS_PORT },
                ],
                livenessProbe: {
                  httpGet: { path: "/health", port: HEALTH_PORT },
                  initialDelaySeconds: 60,
                  timeoutSeconds: 5,
                },
                volumeMounts: [{ name: "config", mountPath: "/etc/coredns" }],
              },
            ],
            volumes: [
              { name: "config", configMap: { name: NAME, items: [{ key: "Corefile", path: "Corefile.base" }] } },
            ],
          },
        },
      },
    },
    {
      apiVersion: "cilium.io/v2",
      kind: "CiliumLocalRedirectPolicy",
      metadata,
      spec: {
        redirectFrontend: { serviceMatcher: { serviceName: "kube-dns", namespace: NAMESPACE } },
        redirectBackend: {
          localEndpointSelector: { matchLabels: LABELS },
          toPorts: both((protocol, name) => ({ name, protocol, port: String(DNS_PORT) })),
        },
      },
    },
  ];
}

/** Names of the cluster go to its DNS, over TCP, of which connections do not race; all others to where that sends them. */
function corefile(): string {
  const zone = (name: string, more: readonly string[]) =>
    [
      `${name}:${DNS_PORT} {`,
      ...["errors", "reload", "loop", "bind 0.0.0.0", ...more].map((line) => `  ${line}`),
      "}",
    ].join("\n");
  const cluster = [
    "cache 30",
    "forward . __PILLAR__CLUSTER__DNS__ {",
    "  force_tcp",
    "}",
    `prometheus :${METRICS_PORT}`,
  ];
  return `${[
    zone("cluster.local", [...cluster, "health"]),
    zone("in-addr.arpa", cluster),
    zone(".", ["cache 30", "forward . __PILLAR__UPSTREAM__SERVERS__", `prometheus :${METRICS_PORT}`]),
  ].join("\n")}\n`;
}

/** A cache of DNS on every node, and the redirect to it. */
export class NodeLocalDns extends Construct {
  /** The release that holds the objects. */
  public readonly manifests: ManifestRelease;

  public constructor(
    scope: Construct,
    id: string,
    props: NodeLocalDnsOptions & {
      readonly dependsOn: readonly ITerraformDependable[];
      readonly provider?: TerraformProvider;
    },
  ) {
    super(scope, id);
    this.manifests = new ManifestRelease(this, "Default", {
      name: NAME,
      namespace: NAMESPACE,
      manifests: nodeLocalDnsManifests(props),
      dependsOn: props.dependsOn,
      provider: props.provider,
    });
  }
}
