/** A step of a write-up that somebody types or runs. */
export interface Procedure {
  readonly written: string;
  /** Where it lives here, in Markdown: a command, an option, a page. */
  readonly here: string;
}

const CLUSTER = "the environment's stacks: [as a template](../README.md#as-a-template)";

/** Steps of the write-ups, one a row. */
export const PROCEDURES: readonly Procedure[] = [
  { written: "gcloud container clusters create", here: CLUSTER },
  {
    written: "gcloud container clusters update --enable-dataplane-v2-metrics",
    here: "`flowMetrics`, `flowRelay`: [in place](dataplane-v2.md)",
  },
  {
    written: "gcloud container clusters get-credentials",
    here: "no step: stacks and [commands](commands.md) log in as `connection` says",
  },
  { written: "kubectl create ns cilium", here: "no step: Cilium lies in kube-system" },
  {
    written: "kubectl apply -f disable-kube-proxy.yaml (a DaemonSet)",
    here: "`kubeProxy`, `kubeProxyDisabler`: [kube-proxy](kube-proxy-free.md#kube-proxy)",
  },
  { written: "rm /etc/kubernetes/manifests/kube-proxy.manifest", here: "the same, again whenever GKE brings it back" },
  {
    written: "iptables-save | grep -v KUBE | iptables-restore",
    here: "the same: kube-proxy's own rules alone, once the agent answers",
  },
  {
    written: "kubectl apply -f cni-configuration.yaml (a ConfigMap)",
    here: '`conflist: "static"`, or none with `"detect"`: [how Cilium finds its place](cni-chaining.md#how-cilium-finds-its-place-conflist)',
  },
  {
    written: "helm repo add cilium, helm install cilium",
    here: "the release in `<env>-networking`; `version`, `chart`",
  },
  {
    written: "helm upgrade cilium --reuse-values",
    here: "a new `version`, one minor at a time: [upgrades](upgrade.md)",
  },
  {
    written: "./enable-hubble.sh, kubectl apply -f hubble.yaml",
    here: "`hubble: { relay: true, ui: true }`: [Hubble](datapath.md#hubble)",
  },
  { written: "kubectl rollout restart ds/cilium", here: "no step: agents restart with what is changed" },
  {
    written: "kubectl delete pod of every pod without host network",
    here: "`existingPods`: [existing pods](existing-pods.md)",
  },
  {
    written: "cilium status, kubectl exec ds/cilium -- cilium status",
    here: "`npm run status -- <env>`: [status](commands.md#status)",
  },
  { written: "cilium service list", here: "`npm run status -- <env> --services`" },
  {
    written: "cilium connectivity test",
    here: "`npm run connectivity -- <env>`, a small one: [connectivity](commands.md#connectivity)",
  },
  {
    written: "kubectl port-forward svc/hubble-relay 4245:80, hubble observe",
    here: "`npm run hubble -- <env> -- --follow`: [hubble](commands.md#hubble)",
  },
  { written: "kubectl port-forward svc/hubble-ui 12000:80, cilium hubble ui", here: "`npm run hubble -- <env> --ui`" },
  {
    written: "kubectl exec deployment/hubble-relay -c hubble-cli -- hubble observe",
    here: "`npm run hubble -- <env>`, also on Dataplane V2",
  },
  {
    written: "kubectl apply -f hubble-ui-standalone.yaml (Dataplane V2)",
    here: "`hubbleUi`: [Hubble](datapath.md#hubble)",
  },
  {
    written: "kubectl apply -f http-sw-app.yaml, sw_l3_l4_policy.yaml, sw_l3_l4_l7_policy.yaml",
    here: "[Star Wars](examples/star-wars.md)",
  },
  { written: "kubectl apply of the microservices demo", here: "[microservices](examples/microservices.md)" },
  {
    written: "kubectl apply -f monitoring-example.yaml",
    here: "`monitoring: Monitoring.prometheus()`: [monitoring](monitoring.md)",
  },
  {
    written: "kubectl port-forward svc/grafana 3000, svc/prometheus 9090",
    here: "the same Services, in `cilium-monitoring`: [monitoring](monitoring.md)",
  },
  {
    written: "kubectl apply of ClusterPodMonitoring, gcloud --enable-managed-prometheus",
    here: "`monitoring: Monitoring.managedPrometheus()`: [monitoring](monitoring.md)",
  },
  {
    written: "kubectl edit networklogging default",
    here: "`policyLogging`: [policy logging](examples/policy-logging.md)",
  },
  { written: "gcloud logging read … policy-action", here: "[policy logging](examples/policy-logging.md)" },
  {
    written: "annotations kubernetes.io/egress-bandwidth, iperf3",
    here: "`bandwidthManager: {}`: [bandwidth](examples/bandwidth.md)",
  },
  {
    written: "kubectl label node egress-node=true",
    here: "`egressGateway: { nodePool }`, whose nodes have a label: [egress gateway](examples/egress-gateway.md)",
  },
  {
    written: "kubectl get leases -n kube-system (l2announce)",
    here: "the same; `l2Announcements` is refused on GKE: [addresses of Services](datapath.md#addresses-of-services)",
  },
  {
    written: "kubectl create secret generic cilium-ipsec-keys",
    here: "the same: [the key of IPsec](datapath.md#the-key-of-ipsec)",
  },
  { written: "cilium clustermesh enable, connect", here: "`clusterMesh`: [cluster mesh](datapath.md#cluster-mesh)" },
  {
    written: "helm uninstall cilium, gcloud container clusters delete",
    here: "`cdktf destroy`: [destroy](destroy.md)",
  },
];
