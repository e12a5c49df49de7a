import { PLAYED_SELECTOR } from "../nodes/machines";
import type { ClusterFiles } from "./files";

/** What the command lines of a control plane are made of. */
export interface ControlPlaneSettings {
  readonly files: ClusterFiles;
  readonly apiPort: number;
  readonly etcdPort: number;
  /** As GKE names the issuer of service account tokens. */
  readonly serviceAccountIssuer: string;
  readonly servicesCidr: string;
  readonly podsCidr: string;
  readonly dnsEndpoint: string;
  /** File that says who is asked whether a request is allowed. @default the roles of the cluster alone */
  readonly authorization?: string;
}

/** etcd: reached by the API server only, which shows a certificate. Nothing of it need survive a power cut. */
export function etcdArguments({ files, etcdPort }: ControlPlaneSettings): string[] {
  const client = `https://127.0.0.1:${etcdPort}`;
  return [
    `--data-dir=${files.etcd}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    "--listen-peer-urls=http://127.0.0.1:0",
    `--cert-file=${files.certificate("etcd")}`,
    `--key-file=${files.key("etcd")}`,
    `--trusted-ca-file=${files.certificate("ca")}`,
    "--client-cert-auth",
    "--unsafe-no-fsync",
    "--auto-compaction-mode=periodic",
    "--auto-compaction-retention=5m",
    "--quota-backend-bytes=2147483648",
    "--log-level=warn",
  ];
}

/**
 * The API server. Under an IP address it shows a certificate of the cluster's own authority, under the DNS endpoint one
 * of the authority that the machine trusts, as Google does.
 */
export function apiServerArguments(settings: ControlPlaneSettings): string[] {
  const { files, apiPort, etcdPort, servicesCidr, dnsEndpoint, serviceAccountIssuer, authorization } = settings;
  return [
    `--etcd-servers=https://127.0.0.1:${etcdPort}`,
    `--etcd-cafile=${files.certificate("ca")}`,
    `--etcd-certfile=${files.certificate("etcd-client")}`,
    `--etcd-keyfile=${files.key("etcd-client")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${apiPort}`,
    `--tls-cert-file=${files.certificate("apiserver")}`,
    `--tls-private-key-file=${files.key("apiserver")}`,
    `--tls-sni-cert-key=${files.certificate("dns-endpoint")},${files.key("dns-endpoint")}:${dnsEndpoint}`,
    `--client-ca-file=${files.certificate("ca")}`,
    `--token-auth-file=${files.tokens}`,
    authorization === undefined ? "--authorization-mode=RBAC" : `--authorization-config=${authorization}`,
    `--service-account-issuer=${serviceAccountIssuer}`,
    `--service-account-key-file=${files.certificate("service-accounts")}`,
    `--service-account-signing-key-file=${files.key("service-accounts")}`,
    `--service-cluster-ip-range=${servicesCidr}`,
    "--allow-privileged=true",
    // The address it would publish is loopback, which endpoints may not hold.
    "--endpoint-reconciler-type=none",
    "--profiling=false",
  ];
}

/** Controllers: those of every cluster; nodes and their addresses are the sandbox's. */
export function controllerManagerArguments({ files, podsCidr }: ControlPlaneSettings): string[] {
  return [
    `--kubeconfig=${files.kubeconfigOf("controller-manager")}`,
    `--root-ca-file=${files.certificate("ca")}`,
    `--service-account-private-key-file=${files.key("service-accounts")}`,
    `--cluster-signing-cert-file=${files.certificate("ca")}`,
    `--cluster-signing-key-file=${files.key("ca")}`,
    `--cluster-cidr=${podsCidr}`,
    "--allocate-node-cidrs=false",
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    "--secure-port=0",
    "--profiling=false",
  ];
}

export function schedulerArguments({ files }: ControlPlaneSettings): string[] {
  return [
    `--kubeconfig=${files.kubeconfigOf("scheduler")}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--profiling=false",
  ];
}

/** KWOK plays the kubelet of every node that is not real: it keeps leases and makes pods run. */
export function kwokArguments({ files, podsCidr }: ControlPlaneSettings): string[] {
  return [
    `--kubeconfig=${files.kubeconfigOf("kwok")}`,
    `--config=${files.stages}`,
    "--manage-all-nodes=false",
    `--manage-nodes-with-annotation-selector=${PLAYED_SELECTOR}`,
    "--node-lease-duration-seconds=40",
    `--cidr=${podsCidr}`,
  ];
}
