import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { CertificateAuthority, type KeyPair, signingKeys } from "../../pki";
import type { Connection } from "../client";
import type { ClusterFiles } from "./files";
import { kubeconfig } from "./kubeconfig";

export interface CredentialsOptions {
  readonly files: ClusterFiles;
  readonly clusterName: string;
  readonly apiPort: number;
  /** Names and addresses under which the API server shows the cluster's own certificate. */
  readonly names: readonly string[];
  readonly dnsEndpoint: string;
  /** Signs the certificate of the DNS endpoint. */
  readonly machineAuthority: CertificateAuthority;
  /** Who may log in with an access token of Google's, as everybody does there: account by token. */
  readonly users: Readonly<Record<string, string>>;
  /** Who may log in besides and belongs to no group: account by access token. @default nobody */
  readonly accounts?: Readonly<Record<string, string>>;
  /** Group of those users, and of whoever has the cluster's kubeconfig. @default "system:masters" */
  readonly ownersGroup?: string;
  /** Address of the API server as real nodes reach it, with `https://`. @default there are none */
  readonly nodesServer?: string;
}

/** What the programs of a control plane log in as: https://kubernetes.io/docs/setup/best-practices/certificates/ */
const COMPONENTS = {
  "controller-manager": { user: "system:kube-controller-manager" },
  scheduler: { user: "system:kube-scheduler" },
  kwok: { user: "sandbox:kubelets", groups: ["system:masters"] },
} as const;

/**
 * Writes every key, certificate and kubeconfig that a control plane needs. The authority and the key of service account
 * tokens stay what they were, everything else is made anew at each start, so that nothing can expire.
 *
 * @returns how the sandbox itself logs in.
 */
export async function writeCredentials(options: CredentialsOptions): Promise<Connection> {
  const { files, apiPort, clusterName, ownersGroup = "system:masters" } = options;
  mkdirSync(files.pki, { recursive: true, mode: 0o700 });
  const authority = await CertificateAuthority.open(files.pki, `sandbox cluster ${clusterName}`);
  const write = (name: string, pair: KeyPair) => {
    writeFileSync(files.certificate(name), pair.certificate);
    writeFileSync(files.key(name), pair.privateKey, { mode: 0o600 });
  };

  write("apiserver", await authority.server(options.names));
  write("dns-endpoint", await options.machineAuthority.server([options.dnsEndpoint]));
  write("etcd", await authority.server(["127.0.0.1", "localhost"]));
  write("etcd-client", await authority.client({ user: "apiserver" }));
  if (!existsSync(files.key("service-accounts"))) {
    const { publicKey, privateKey } = await signingKeys();
    write("service-accounts", { certificate: publicKey, privateKey });
  }

  const kubeconfigFor = (name: string, client: KeyPair) =>
    kubeconfig({ name, server: `https://127.0.0.1:${apiPort}`, caCertificate: authority.certificate, client });
  for (const [name, identity] of Object.entries(COMPONENTS))
    writeFileSync(files.kubeconfigOf(name), kubeconfigFor(name, await authority.client(identity)), { mode: 0o600 });
  if (options.nodesServer) {
    const client = await authority.client({ user: "system:kube-proxy" });
    const proxy = kubeconfig({
      name: "kube-proxy",
      server: options.nodesServer,
      caCertificate: authority.certificate,
      client,
    });
    writeFileSync(files.kubeconfigOf("kube-proxy"), proxy, { mode: 0o600 });
  }
  const administrator = await authority.client({ user: "administrator@sandbox.invalid", groups: [ownersGroup] });
  writeFileSync(files.kubeconfig, kubeconfigFor(clusterName, administrator), { mode: 0o600 });
  // Whoever may log in to Google in the sandbox owns the project, and so may do everything in its clusters.
  const tokens = Object.entries(options.users).map(([token, user]) => `${token},${user},${user},"${ownersGroup}"\n`);
  const others = Object.entries(options.accounts ?? {}).map(([token, user]) => `${token},${user},${user}\n`);
  writeFileSync(files.tokens, [...tokens, ...others].join(""), { mode: 0o600 });
  const own = await authority.client({ user: "sandbox:cloud", groups: ["system:masters"] });
  return { port: apiPort, caCertificate: authority.certificate, ...own };
}
