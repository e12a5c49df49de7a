import { writeFileSync } from "node:fs";
import { clusterPermission } from "../../gcp/iam/access";
import { at, type JsonObject, objectOf, stringOf } from "../../gcp/json";
import { CertificateAuthority } from "../../pki";
import { type ClusterFiles, kubeconfig } from "../control-plane";
import { type Authorizers, authorizerUrl } from "./configuration";
import { ReviewServer } from "./server";

/** Whether a project's policy gives an account a permission. */
export type Permits = (account: string, project: string, permission: string) => boolean;

const CONNECT = "container.clusters.connect";

/** Path at which the API server asks. */
const PATH = "/iam";

/** Google's IAM as GKE asks it: what a role in the project allows is allowed in its clusters. */
export class IamAuthorizer {
  private constructor(
    private readonly server: ReviewServer,
    /** For the API server's configuration. */
    public readonly authorizer: NonNullable<Authorizers["iam"]>,
  ) {}

  /** Starts to answer, and writes how the API server reaches it; its authority must be in the cluster's files. */
  public static async start(
    files: ClusterFiles,
    cluster: { readonly name: string; readonly project: string },
    accounts: readonly string[],
    permits: Permits,
  ): Promise<IamAuthorizer> {
    const authority = await CertificateAuthority.open(files.pki, `sandbox cluster ${cluster.name}`);
    const server = new ReviewServer({ [PATH]: (review) => answer(review, cluster.project, permits) });
    const port = await server.start(await authority.server(["127.0.0.1"]));
    const file = files.kubeconfigOf("iam");
    const login = kubeconfig({
      name: "iam",
      server: authorizerUrl(port, PATH),
      caCertificate: authority.certificate,
      client: await authority.client({ user: "apiserver" }),
    });
    writeFileSync(file, login, { mode: 0o600 });
    return new IamAuthorizer(server, { kubeconfig: file, accounts });
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}

function answer(review: JsonObject, project: string, permits: Permits): JsonObject {
  const user = stringOf(at(review, "spec.user")) ?? "";
  const permission = clusterPermission(objectOf(at(review, "spec.resourceAttributes")));
  // The DNS endpoint, by which these environments are reached, lets in nobody without the first.
  const allowed = permits(user, project, CONNECT) && permits(user, project, permission);
  const reason = `requires one of ["${permission}"] permission(s).`;
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    status: allowed ? { allowed } : { allowed, reason },
  };
}
