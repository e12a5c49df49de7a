import { delimiter } from "node:path";
import { environmentVariables } from "../gcp/environment";
import type { SandboxFiles } from "./files";

/** What the environment of a program in the sandbox is made of. */
export interface EnvironmentParts {
  readonly files: SandboxFiles;
  /** Address of the simulated Google Cloud. */
  readonly google: string;
  /** Address of the proxy. */
  readonly proxy: string;
  readonly accessToken: string;
  /** CLI configuration file that names the providers' mirror. */
  readonly cliConfig: string;
  /** Terraform's command. */
  readonly terraform: string;
  /** Whoever shares Helm's cache: programs that run at the same time had better not. @default "shared" */
  readonly scope?: string;
}

/** Workspace of Terraform in which the sandbox keeps its state, beside whatever the user has in the default one. */
export const WORKSPACE = "sandbox";

/** Variables of the user's that could lead out of the sandbox or name credentials of theirs. */
const NOT_INHERITED =
  /^(GOOGLE_|GCLOUD_|CLOUDSDK_|KUBE|HELM_|USE_GKE_|(https?|all|no|ftp)_proxy$|SSL_CERT_|TF_PLUGIN_CACHE_)/i;

/**
 * Variables that make an unchanged project deploy into the sandbox: where Google is, who logs in, which way out there is,
 * whom to trust, and where Terraform keeps state and finds providers.
 */
export function sandboxVariables(parts: EnvironmentParts): Record<string, string> {
  const { files, google, proxy, accessToken, cliConfig, terraform, scope = "shared" } = parts;
  const local = "127.0.0.1,localhost,::1";
  return {
    ...environmentVariables(google, accessToken),
    GOOGLE_APPLICATION_CREDENTIALS: files.credentials,
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    https_proxy: proxy,
    http_proxy: proxy,
    NO_PROXY: local,
    no_proxy: local,
    // Nobody outside is reached, so nobody outside is trusted either.
    SSL_CERT_FILE: files.authority,
    SSL_CERT_DIR: files.pki,
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_WORKSPACE: WORKSPACE,
    TERRAFORM_BINARY_NAME: terraform,
    CHECKPOINT_DISABLE: "1",
    // cdktf would share one plugin directory between runs side by side, in which they get into each other's way; providers
    // are linked from the mirror anyhow.
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    HELM_CACHE_HOME: `${files.helm}/${scope}/cache`,
    HELM_CONFIG_HOME: `${files.helm}/${scope}/config`,
    HELM_DATA_HOME: `${files.helm}/${scope}/data`,
    KUBECONFIG: `${files.directory}/kubeconfig-is-named-by-each-command`,
  };
}

/** The whole environment of a program in the sandbox: the caller's, without what leads out of it, and the sandbox's. */
export function sandboxEnvironment(
  variables: Readonly<Record<string, string>>,
  files: SandboxFiles,
  caller: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(caller).filter(([name]) => !NOT_INHERITED.test(name));
  const path = [files.bin, caller["PATH"]].filter(Boolean).join(delimiter);
  return { ...Object.fromEntries(inherited), ...variables, PATH: path };
}
