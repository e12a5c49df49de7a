/** Objects of a cluster in which everything is as asked; a test changes what it is about. */
export const IMAGE = "quay.io/cilium/cilium:v1.20.2@sha256:0000";

export function node(name: string, more: object = {}): object {
  return {
    metadata: { name, creationTimestamp: "2026-11-01T00:00:00Z", labels: {} },
    spec: {},
    status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.33.5-gke.100" } },
    ...more,
  };
}

export function pod(
  name: string,
  on: string,
  more: { labels?: object; spec?: object; status?: object; metadata?: object } = {},
) {
  return {
    metadata: { name, namespace: "default", labels: more.labels ?? {}, ...more.metadata },
    spec: { nodeName: on, ...more.spec },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }], ...more.status },
  };
}

export function agent(on: string, image = IMAGE, ready = true) {
  return pod(`cilium-${on}`, on, {
    labels: { "k8s-app": "cilium" },
    metadata: { namespace: "kube-system" },
    spec: { hostNetwork: true, containers: [{ name: "cilium-agent", image }] },
    status: {
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: ready ? [] : [{ name: "cilium-agent", state: { waiting: { reason: "CrashLoopBackOff" } } }],
    },
  });
}

export function daemonSet(name: string, ready: number, wanted = 2, more: object = {}) {
  return {
    metadata: { name, namespace: "kube-system", ...more },
    spec: { template: { spec: { containers: [{ name: "cilium-agent", image: IMAGE }] } } },
    status: { desiredNumberScheduled: wanted, numberReady: ready, updatedNumberScheduled: wanted },
  };
}

export function deployment(name: string, ready = 1, replicas = 1) {
  return { metadata: { name, namespace: "kube-system" }, spec: { replicas }, status: { readyReplicas: ready } };
}

const items = (...all: object[]) => ({ items: all });

/** What the API server of a healthy cluster of kube-proxy-free answers. */
export function healthy(): Record<string, unknown> {
  const apps = "/apis/apps/v1/namespaces/kube-system";
  return {
    "/version": { gitVersion: "v1.33.5-gke.100" },
    "/api/v1/nodes": items(node("a"), node("b")),
    "/api/v1/pods": items(agent("a"), agent("b"), pod("web", "a"), pod("db", "b")),
    [`${apps}/daemonsets`]: items(
      daemonSet("cilium", 2),
      daemonSet("kube-proxy-disabler", 2, 2, { labels: { "app.kubernetes.io/name": "kube-proxy-disabler" } }),
    ),
    [`${apps}/deployments`]: items(deployment("cilium-operator", 2, 2), deployment("hubble-relay")),
    "/api/v1/namespaces/kube-system/configmaps/cilium-config": {
      metadata: { name: "cilium-config" },
      data: { "routing-mode": "native", "kube-proxy-replacement": "true", "ipv4-native-routing-cidr": "10.20.0.0/14" },
    },
    "/api/v1/namespaces/kube-system/secrets": items(),
    "/apis/cilium.io/v2/ciliumendpoints": items(
      { metadata: { name: "web", namespace: "default" } },
      { metadata: { name: "db", namespace: "default" } },
    ),
    "/api/v1/services": items({
      metadata: { name: "web", namespace: "default" },
      spec: { type: "ClusterIP", clusterIP: "10.24.0.5", selector: { app: "web" }, ports: [{ port: 80 }] },
    }),
    "/apis/discovery.k8s.io/v1/endpointslices": items({
      metadata: { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } },
      endpoints: [{ addresses: ["10.20.0.3"], conditions: { ready: true } }],
    }),
    "/apis/networking.k8s.io/v1/networkpolicies": items({ metadata: { name: "web", namespace: "default" } }),
  };
}

/** The same with something changed. */
export function but(path: string, ...all: object[]): Record<string, unknown> {
  return { ...healthy(), [path]: items(...all) };
}
