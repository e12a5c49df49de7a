import { packageText } from "../../package-files";
import type { KubeNode } from "../objects";

/** Port that the servers listen on. */
export const PORT = 8080;
export const MANAGED_BY = "app.kubernetes.io/managed-by";
export const OWNER = "gke-cilium-connectivity";
/** Where clients write what they saw. */
const REPORT = "/run/report";

/** Something that a client tries. */
export interface Check {
  /** One word, unique. */
  readonly name: string;
  /** What it is called in the answer. */
  readonly title: string;
  readonly kind: "reach" | "resolve";
  readonly host: string;
  readonly port: number;
  readonly expected: "yes" | "no";
  /** What to do where it is otherwise. */
  readonly remedy: string;
}

/** What every pod of a check is made with. */
export interface PodSettings {
  readonly namespace: string;
  readonly image: string;
  readonly node: KubeNode;
  readonly labels: Readonly<Record<string, string>>;
}

/** The namespace that everything lies in, and that goes at the end with all of it. */
export function namespaceObject(name: string): object {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { [MANAGED_BY]: OWNER, "pod-security.kubernetes.io/enforce": "restricted" } },
  };
}

/** A server: Cilium's own health responder, or agnhost's. */
export function serverPod(name: string, settings: PodSettings): object {
  const responder = `if [ -x /agnhost ]; then exec /agnhost netexec --http-port=${PORT}; else exec cilium-health-responder --listen ${PORT}; fi`;
  return pod(name, settings, {
    name: "server",
    command: ["sh", "-c", responder],
    ports: [{ containerPort: PORT }],
    readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1, failureThreshold: 30 },
  });
}

/**
 * A client, which tries what it is told once and tells with its end.
 *
 * @param secondsEach How long one answer may take.
 */
export function clientPod(name: string, settings: PodSettings, checks: readonly Check[], secondsEach: number): object {
  const lines = checks.map(({ name, kind, host, port, expected }) => `${name} ${kind} ${host} ${port} ${expected}`);
  return pod(name, settings, {
    name: "client",
    command: ["sh", "-c", packageText("lib/live/connectivity/client.sh")],
    env: [
      { name: "CHECKS", value: lines.join("\n") },
      { name: "REPORT", value: REPORT },
      { name: "SECONDS_EACH", value: `${secondsEach}` },
    ],
    terminationMessagePath: REPORT,
  });
}

function pod(name: string, { namespace, image, node, labels }: PodSettings, container: object): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { [MANAGED_BY]: OWNER, ...labels } },
    spec: {
      nodeSelector: {
        "kubernetes.io/hostname": node.metadata.labels?.["kubernetes.io/hostname"] ?? node.metadata.name,
      },
      tolerations: (node.spec?.taints ?? []).map(({ key, effect }) => ({ key, effect, operator: "Exists" })),
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          image,
          imagePullPolicy: "IfNotPresent",
          resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "64Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          ...container,
        },
      ],
    },
  };
}

/** The servers behind one address. */
export function serviceObject(namespace: string): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "open", namespace },
    spec: { selector: { role: "open" }, ports: [{ port: PORT, targetPort: PORT }] },
  };
}

/** Who may talk to the guarded server. */
export function policyObject(namespace: string): object {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "guarded", namespace },
    spec: {
      podSelector: { matchLabels: { role: "guarded" } },
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ podSelector: { matchLabels: { role: "guest" } } }], ports: [{ protocol: "TCP", port: PORT }] },
      ],
    },
  };
}

/** What is tried, given where everybody is. */
export function checksOf(at: {
  readonly near: string;
  /** None where there is only one node. */
  readonly far: string | undefined;
  readonly guarded: string;
  readonly service: string;
  readonly apiServer: string;
  /** `host:port`; none where a cluster has no way out. */
  readonly internet: string | undefined;
}): { readonly guest: readonly Check[]; readonly stranger: readonly Check[] } {
  const agents = "gke-cilium status, then hubble: gke-cilium hubble <environment> -- --verdict DROPPED";
  const reach = (
    name: string,
    title: string,
    host: string,
    port: number,
    remedy: string,
    expected: "yes" | "no" = "yes",
  ): Check => ({
    name,
    title,
    kind: "reach",
    host,
    port,
    expected,
    remedy,
  });
  const [outside = "", outsidePort = "443"] = (at.internet ?? "").split(/:(?=\d+$)/);
  return {
    guest: [
      reach("same-node", "pod on the same node", at.near, PORT, agents),
      ...(at.far === undefined
        ? []
        : [
            reach(
              "other-node",
              "pod on another node",
              at.far,
              PORT,
              `${agents}; the VPC's routes and firewall rules for the pods range`,
            ),
          ]),
      reach("service", "Service", at.service, PORT, "kube-proxy or its replacement: gke-cilium status --services"),
      {
        name: "dns",
        title: "DNS",
        kind: "resolve",
        host: "kubernetes.default.svc",
        port: 53,
        expected: "yes",
        remedy:
          "kubectl --namespace kube-system get pods --selector k8s-app=kube-dns, and policies that keep pods from it",
      },
      reach(
        "api-server",
        "API server",
        at.apiServer,
        443,
        "kubectl get endpointslices kubernetes; the control plane's firewall rules",
      ),
      ...(at.internet === undefined
        ? []
        : [
            reach(
              "internet",
              `internet (${at.internet})`,
              outside,
              Number(outsidePort),
              "Cloud NAT, egress policies, masquerading; --internet none where there is to be no way out",
            ),
          ]),
      reach(
        "allowed",
        "allowed by a NetworkPolicy",
        at.guarded,
        PORT,
        "policies of the cluster that hold for every namespace",
      ),
    ],
    stranger: [
      reach(
        "denied",
        "denied by a NetworkPolicy",
        at.guarded,
        PORT,
        "nobody enforces NetworkPolicy on that node: gke-cilium status",
        "no",
      ),
    ],
  };
}
