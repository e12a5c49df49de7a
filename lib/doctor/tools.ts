import { spawnSync } from "node:child_process";
import { doubt, missing, ok, type SubjectFinding } from "./finding";

type Variables = Readonly<Record<string, string | undefined>>;

const OLDEST_TERRAFORM = [1, 11, 0] as const;
const CDKTF = "0.21.0";
const TERRAFORM_REMEDY =
  "install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) or OpenTofu, and name another program in TERRAFORM_BINARY_NAME";

/** Runs a program of the PATH. @returns what it printed; undefined where there is none, or it fails. */
export type Run = (program: string, args: readonly string[]) => string | undefined;

/** Runs it for real. */
export function runOnPath(variables: Variables): Run {
  return (program, args) => {
    const { status, stdout, stderr } = spawnSync(program, [...args], {
      encoding: "utf8",
      env: { ...variables, CHECKPOINT_DISABLE: "1", CI: "1", NO_COLOR: "1" } as NodeJS.ProcessEnv,
      // Windows' programs are .cmd files, which only a shell runs; names and arguments are ours.
      shell: process.platform === "win32",
      timeout: 60_000,
    });
    return status === 0 ? `${stdout}${stderr}` : undefined;
  };
}

/** What a deployment runs on this machine. */
export function toolFindings(run: Run, variables: Variables, authPlugin: boolean): SubjectFinding[] {
  return [terraform(run, variables), cdktf(run), ...(authPlugin ? [plugin(run)] : [])];
}

function terraform(run: Run, variables: Variables): SubjectFinding {
  const program = variables["TERRAFORM_BINARY_NAME"] || "terraform";
  const version = /^(Terraform|OpenTofu) v(\d+)\.(\d+)\.(\d+)/m.exec(run(program, ["version"]) ?? "");
  if (version === null) return missing("Terraform", `${program} does not run`, TERRAFORM_REMEDY);
  const [, product, ...parts] = version;
  const numbers = parts.map(Number);
  const found = `${product} ${numbers.join(".")}`;
  const differing = OLDEST_TERRAFORM.findIndex((part, at) => numbers[at] !== part);
  return differing >= 0 && numbers[differing]! < OLDEST_TERRAFORM[differing]!
    ? missing("Terraform", `${found} is too old`, TERRAFORM_REMEDY)
    : ok("Terraform", found);
}

function cdktf(run: Run): SubjectFinding {
  const version = /\d+\.\d+\.\d+/.exec(run("cdktf", ["--version"]) ?? "")?.[0];
  const remedy = `npm install --global cdktf-cli@${CDKTF}`;
  if (version === undefined) return missing("cdktf", "does not run", remedy);
  return version === CDKTF ? ok("cdktf", version) : doubt("cdktf", `${version}, tested is ${CDKTF}`, remedy);
}

function plugin(run: Run): SubjectFinding {
  const name = "gke-gcloud-auth-plugin";
  const version = run(name, ["--version"])?.trim().split("\n")[0];
  return version === undefined
    ? missing(
        name,
        "does not run; helm and kubernetes log in to the cluster with it",
        `gcloud components install ${name}, or connection: { authentication: "access-token" }`,
      )
    : ok(name, version);
}

/**
 * A token of whoever is logged in, as Terraform would use it.
 *
 * @returns the token, or the finding that there is none.
 */
export function accessToken(run: Run, variables: Variables): { token?: string; finding: SubjectFinding } {
  const title = "login";
  const given = variables["GOOGLE_OAUTH_ACCESS_TOKEN"];
  if (given) return { token: given, finding: ok(title, "token of GOOGLE_OAUTH_ACCESS_TOKEN") };
  const account = variables["GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"];
  const impersonation = account ? [`--impersonate-service-account=${account}`] : [];
  const printed = run("gcloud", ["auth", "application-default", "print-access-token", ...impersonation]);
  const token = printed?.split(/\s+/).find((word) => /^[\w.~+/-]{20,}=*$/.test(word));
  if (token === undefined)
    return {
      finding: missing(
        title,
        account ? `gcloud gives no token for ${account}` : "gcloud has no application default credentials",
        account
          ? "ask for roles/iam.serviceAccountTokenCreator on it, and log in with gcloud auth application-default login"
          : "gcloud auth application-default login",
      ),
    };
  return { token, finding: ok(title, account ? `as ${account}` : "application default credentials") };
}
