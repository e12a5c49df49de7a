/** Name of everything that belongs to the Gateway. */
export const GATEWAY = "shop";

const ROUTES = "/apis/gateway.networking.k8s.io/v1/namespaces/default";

/** A Gateway of the class that Cilium's chart makes, with one route to one Service; in the order in which they are made. */
export function gatewayObjects(): readonly { readonly path: string; readonly object: object }[] {
  const metadata = { name: GATEWAY, namespace: "default" };
  return [
    {
      path: "/api/v1/namespaces/default/services",
      object: {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { selector: { app: GATEWAY }, ports: [{ port: 80, targetPort: 8080 }] },
      },
    },
    {
      path: `${ROUTES}/gateways`,
      object: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata,
        spec: { gatewayClassName: "cilium", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
      },
    },
    {
      path: `${ROUTES}/httproutes`,
      object: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata,
        spec: { parentRefs: [{ name: GATEWAY }], rules: [{ backendRefs: [{ name: GATEWAY, port: 80 }] }] },
      },
    },
  ];
}
