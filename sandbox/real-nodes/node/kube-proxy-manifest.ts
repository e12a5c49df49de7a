/** What a node's kube-proxy is started with. */
export interface KubeProxySettings {
  /** Address of the API server in the node's network. */
  readonly controlPlane: string;
  readonly podsCidr: string;
  /** Version of the node, e.g. `v1.33.13-gke.1000`. */
  readonly version: string;
}

/**
 * The static pod that GKE's start-up scripts write, as a node of GKE 1.34 shows it.
 * https://github.com/imroc/kubernetes-guide/blob/main/codeblock/vendor/gcloud/kube-proxy-pod.yaml
 */
export function kubeProxyManifest({ controlPlane, podsCidr, version }: KubeProxySettings): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: kube-proxy
  namespace: kube-system
  labels:
    tier: node
    component: kube-proxy
spec:
  priorityClassName: system-node-critical
  priority: 2000001000
  hostNetwork: true
  terminationGracePeriodSeconds: 30
  tolerations:
  - operator: Exists
    effect: NoExecute
  - operator: Exists
    effect: NoSchedule
  containers:
  - name: kube-proxy
    image: gke.gcr.io/kube-proxy-amd64:${version}
    resources:
      requests:
        cpu: 100m
    command:
    - /bin/sh
    - -c
    - exec kube-proxy --master=https://${controlPlane} --kubeconfig=/var/lib/kube-proxy/kubeconfig --cluster-cidr=${podsCidr} --oom-score-adj=-998 --v=2 --iptables-sync-period=1m --iptables-min-sync-period=10s --detect-local-mode=NodeCIDR --conntrack-max-per-core=0
    securityContext:
      privileged: true
    volumeMounts:
    - mountPath: /run/xtables.lock
      name: iptableslock
    - mountPath: /lib/modules
      name: lib-modules
      readOnly: true
    - mountPath: /var/lib/kube-proxy/kubeconfig
      name: kubeconfig
  volumes:
  - name: iptableslock
    hostPath:
      path: /run/xtables.lock
      type: FileOrCreate
  - name: lib-modules
    hostPath:
      path: /lib/modules
  - name: kubeconfig
    hostPath:
      path: /var/lib/kube-proxy/kubeconfig
      type: FileOrCreate
`;
}
