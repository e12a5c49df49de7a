import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SandboxFiles } from "./files";

/** Variable in which the exec plugin finds the access token: the google provider's own. */
export const TOKEN_VARIABLE = "GOOGLE_OAUTH_ACCESS_TOKEN";

/**
 * The program that Kubernetes clients run to log in to GKE, in place of Google's: hands out the access token of the
 * environment, in the version of the protocol that the client asks for.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
const AUTH_PLUGIN = `#!/bin/sh
# Stand-in of the sandbox for gke-gcloud-auth-plugin: opens clusters of the sandbox and nothing else.
version=v1beta1
case \${KUBERNETES_EXEC_INFO:-} in *client.authentication.k8s.io/v1\\"*) version=v1 ;; esac
if [ -z "\${${TOKEN_VARIABLE}:-}" ]; then
  echo "gke-gcloud-auth-plugin of the sandbox: ${TOKEN_VARIABLE} is not set; run this inside the sandbox" >&2
  exit 1
fi
printf '{"apiVersion":"client.authentication.k8s.io/%s","kind":"ExecCredential","status":{"token":"%s"}}\\n' \\
  "$version" "$${TOKEN_VARIABLE}"
`;

/** Writes what programs in the sandbox log in with. */
export function writeLogin(files: SandboxFiles, programs: Readonly<Record<string, string>>): void {
  mkdirSync(files.bin, { recursive: true });
  writeFileSync(join(files.bin, "gke-gcloud-auth-plugin"), AUTH_PLUGIN, { mode: 0o755 });
  for (const [name, path] of Object.entries(programs)) {
    const link = join(files.bin, name);
    rmSync(link, { force: true });
    if (existsSync(path)) symlinkSync(path, link);
  }
  // With a file named, Google's client libraries do not look for a metadata server. It is never used: there is a token.
  const credentials = {
    type: "authorized_user",
    client_id: "sandbox",
    client_secret: "opens-nothing",
    refresh_token: "opens-nothing",
    quota_project_id: "sandbox",
  };
  writeFileSync(files.credentials, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
}
