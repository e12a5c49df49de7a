import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  apiServerArguments,
  ClusterFiles,
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
  writeCredentials,
} from "../../../sandbox/kubernetes/control-plane";
import { CertificateAuthority } from "../../../sandbox/pki";

const settings = {
  files: new ClusterFiles("/state/c"),
  apiPort: 6443,
  etcdPort: 2379,
  serviceAccountIssuer: "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c",
  servicesCidr: "10.24.0.0/20",
  podsCidr: "10.20.0.0/14",
  dnsEndpoint: "gke-1.europe-west1.gke.goog",
};
const ALL = { etcdArguments, apiServerArguments, controllerManagerArguments, schedulerArguments, kwokArguments };

describe("the command lines of a control plane", () => {
  test.each(Object.entries(ALL))("%s listen on nothing but loopback", (_, command) => {
    const addresses = command(settings)
      .filter((argument) => /^--(listen|bind|advertise|server)-/.test(argument))
      .map((argument) => argument.split("=")[1]!);
    for (const address of addresses) expect(address).toMatch(/^(https?:\/\/)?127\.0\.0\.1(:\d+)?$/);
  });

  test("the API server checks who may do what, and knows Google's tokens", () => {
    const args = apiServerArguments(settings);
    expect(args).toContain("--authorization-mode=RBAC");
    expect(args).toContain("--token-auth-file=/state/c/pki/tokens.csv");
    expect(args.join(" ")).not.toMatch(/disable-admission|anonymous-auth|AlwaysAllow/);
  });

  test("under the DNS endpoint's name it shows another certificate than under its address", () => {
    expect(apiServerArguments(settings)).toContain(
      "--tls-sni-cert-key=/state/c/pki/dns-endpoint.crt,/state/c/pki/dns-endpoint.key:gke-1.europe-west1.gke.goog",
    );
  });
});

describe("writeCredentials", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "credentials-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = async (files: ClusterFiles, machineAuthority: CertificateAuthority) =>
    writeCredentials({
      files,
      clusterName: "staging",
      apiPort: 6443,
      names: ["127.0.0.1", "127.70.1.2", "kubernetes"],
      dnsEndpoint: settings.dnsEndpoint,
      machineAuthority,
      users: { "token-a": "a@example.com", "token-b": "b@example.com" },
    });

  test("the address is vouched for by the cluster's authority, the DNS endpoint by the machine's", async () => {
    const files = new ClusterFiles(join(directory, "c"));
    const machine = await CertificateAuthority.open(join(directory, "machine"), "machine");
    const connection = await write(files, machine);
    const read = (name: string) => new X509Certificate(readFileSync(files.certificate(name)));
    const own = read("apiserver");
    expect(own.checkIP("127.70.1.2")).toBe("127.70.1.2");
    expect(own.checkIssued(new X509Certificate(connection.caCertificate))).toBe(true);
    const dns = read("dns-endpoint");
    expect(dns.checkHost(settings.dnsEndpoint)).toBe(settings.dnsEndpoint);
    expect(dns.checkIssued(new X509Certificate(machine.certificate))).toBe(true);
    expect(dns.verify(new X509Certificate(connection.caCertificate).publicKey)).toBe(false);
  });

  test("authority and token key survive a restart, so what was signed before stays valid", async () => {
    const files = new ClusterFiles(join(directory, "c"));
    const machine = await CertificateAuthority.open(join(directory, "machine"), "machine");
    const before = await write(files, machine);
    const key = readFileSync(files.key("service-accounts"), "utf8");
    const after = await write(files, machine);
    expect(after.caCertificate).toBe(before.caCertificate);
    expect(readFileSync(files.key("service-accounts"), "utf8")).toBe(key);
    expect(readFileSync(files.tokens, "utf8")).toBe(
      'token-a,a@example.com,a@example.com,"system:masters"\ntoken-b,b@example.com,b@example.com,"system:masters"\n',
    );
  });
});
