import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxEnvironment, sandboxVariables } from "../../../sandbox/runtime/environment";
import { SandboxFiles } from "../../../sandbox/runtime/files";
import { writeLogin } from "../../../sandbox/runtime/login";

const files = new SandboxFiles("/project/.sandbox");
const variables = sandboxVariables({
  files,
  google: "http://127.0.0.1:8080",
  proxy: "http://127.0.0.1:3128",
  accessToken: "token",
  cliConfig: "/cache/cli.tfrc",
  terraform: "terraform",
});

describe("the environment of a program in the sandbox", () => {
  test("sends every address that is not loopback to the proxy, and trusts the sandbox's authority only", () => {
    for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"])
      expect(variables[name]).toBe("http://127.0.0.1:3128");
    expect(variables["SSL_CERT_FILE"]).toBe("/project/.sandbox/pki/ca.crt");
    const elsewhere = Object.entries(variables).filter(([, value]) => /^https?:\/\/(?!127\.0\.0\.1)/.test(value));
    expect(elsewhere).toEqual([]);
  });

  test("has nothing of the caller's that names credentials, a way out or another state", () => {
    const caller = {
      PATH: "/usr/bin",
      HOME: "/home/me",
      TF_LOG: "debug",
      GOOGLE_CREDENTIALS: "mine",
      CLOUDSDK_CORE_PROJECT: "mine",
      KUBECONFIG: "/home/me/.kube/config",
      HELM_REPOSITORY_CONFIG: "mine",
      https_proxy: "http://corporate",
      ALL_PROXY: "socks5://corporate",
      TF_WORKSPACE: "default",
      TF_CLI_CONFIG_FILE: "/home/me/.terraformrc",
    };
    const environment = sandboxEnvironment(variables, files, caller);
    expect(environment).toMatchObject({ HOME: "/home/me", TF_LOG: "debug", TF_WORKSPACE: "sandbox" });
    expect(environment["PATH"]).toBe("/project/.sandbox/bin:/usr/bin");
    const mine = Object.entries(environment).filter(([, value]) =>
      /mine|corporate|terraformrc|\.kube/.test(value ?? ""),
    );
    expect(mine).toEqual([]);
  });
});

describe("gke-gcloud-auth-plugin of the sandbox", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "login-"));
    writeLogin(new SandboxFiles(directory), {});
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const plugin = (environment: NodeJS.ProcessEnv) =>
    spawnSync(join(directory, "bin", "gke-gcloud-auth-plugin"), [], { env: environment, encoding: "utf8" });

  test.each([
    ["v1", '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":{"interactive":false}}'],
    ["v1beta1", '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","spec":{}}'],
    ["v1beta1", undefined],
  ])("answers with the token in version %s", (version, info) => {
    const { stdout, status } = plugin({
      GOOGLE_OAUTH_ACCESS_TOKEN: "t",
      ...(info ? { KUBERNETES_EXEC_INFO: info } : {}),
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: `client.authentication.k8s.io/${version}`,
      kind: "ExecCredential",
      status: { token: "t" },
    });
  });

  test("says what is missing outside the sandbox", () => {
    const { stderr, status } = plugin({});
    expect(status).toBe(1);
    expect(stderr).toContain("GOOGLE_OAUTH_ACCESS_TOKEN is not set");
  });
});
