import type { CiliumValues } from "../cilium-values";

/** Port of a GKE cluster's API server. */
const DEFAULT_API_SERVER_PORT = 443;

/** Where Google's load balancers ask a node whether it serves; kube-proxy's port. */
export const KUBE_PROXY_HEALTH_ADDRESS = "0.0.0.0:10256";

export interface KubeProxyReplacementOptions {
  /**
   * Address of the API server that nodes can reach with a service account token: an IP endpoint, never the DNS
   * endpoint. No default: agents implement Services, so they cannot find the API server through one.
   */
  readonly k8sServiceHost: string;

  /**
   * TCP port of the API server.
   *
   * @default 443
   */
  readonly k8sServicePort?: number;

  /**
   * Whether agents answer on port 10256 in kube-proxy's place. Only where kube-proxy is gone before the agent starts:
   * an agent that finds the port taken does not try again.
   *
   * @see https://github.com/cilium/cilium/issues/11733
   */
  readonly serveHealthCheck: boolean;
}

/** Values for Services without kube-proxy. */
export function kubeProxyReplacementValues(options: KubeProxyReplacementOptions): CiliumValues {
  return {
    kubeProxyReplacement: true,
    k8sServiceHost: options.k8sServiceHost,
    k8sServicePort: options.k8sServicePort ?? DEFAULT_API_SERVER_PORT,
    ...(options.serveHealthCheck ? { kubeProxyReplacementHealthzBindAddr: KUBE_PROXY_HEALTH_ADDRESS } : {}),
  };
}
