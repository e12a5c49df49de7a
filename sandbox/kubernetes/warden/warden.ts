import { writeFileSync } from "node:fs";
import { CertificateAuthority } from "../../pki";
import type { KubernetesClient } from "../client";
import { type ClusterFiles, kubeconfig } from "../control-plane";
import { admissionWebhook, authorizerUrl, OWNERS_BINDING } from "./configuration";
import { ReviewServer, WARDEN } from "./server";

const WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

/** Warden of one Autopilot cluster: it answers as long as the cluster's API server runs. */
export class Warden {
  private constructor(
    private readonly server: ReviewServer,
    private readonly port: number,
    private readonly caCertificate: string,
  ) {}

  /** Starts to answer, and writes how the API server reaches it; its authority must be in the cluster's files. */
  public static async start(files: ClusterFiles, clusterName: string): Promise<Warden> {
    const authority = await CertificateAuthority.open(files.pki, `sandbox cluster ${clusterName}`);
    const server = new ReviewServer(WARDEN);
    const port = await server.start(await authority.server(["127.0.0.1"]));
    const login = kubeconfig({
      name: "warden",
      server: authorizerUrl(port),
      caCertificate: authority.certificate,
      client: await authority.client({ user: "apiserver" }),
    });
    writeFileSync(files.kubeconfigOf("warden"), login, { mode: 0o600 });
    return new Warden(server, port, authority.certificate);
  }

  /** Makes the API server ask about pods, and gives the owners of the project their rights. */
  public async install(client: KubernetesClient): Promise<void> {
    const webhook = admissionWebhook({ port: this.port, caCertificate: this.caCertificate });
    await client.apply(`${WEBHOOKS}/${webhook.metadata.name}`, webhook);
    await client.apply(`${BINDINGS}/${encodeURIComponent(OWNERS_BINDING.metadata.name)}`, OWNERS_BINDING);
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}
