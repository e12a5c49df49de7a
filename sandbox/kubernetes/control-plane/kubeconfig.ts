import type { KeyPair } from "../../pki";

export interface KubeconfigOptions {
  /** Name of cluster, context and user. */
  readonly name: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** PEM */
  readonly caCertificate: string;
  readonly client: KeyPair;
}

/** A kubeconfig file that logs in with a client certificate. JSON is YAML, so no writer is needed. */
export function kubeconfig({ name, server, caCertificate, client }: KubeconfigOptions): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(caCertificate) } }],
    users: [
      {
        name,
        user: {
          "client-certificate-data": base64(client.certificate),
          "client-key-data": base64(client.privateKey),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
