import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Who a client certificate is for, in the words of Kubernetes: common name is the user, organizations the groups. */
export interface ClientIdentity {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** A certificate authority that lives in two files of a state directory. */
export class CertificateAuthority {
  private constructor(
    /** PEM of the authority's own certificate. */
    public readonly certificate: string,
    private readonly issuer: X509Certificate,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  /**
   * The authority in a directory, made there on first use.
   *
   * @param name Its common name. It says that the authority is a sandbox's, so that nobody mistakes it for more.
   */
  public static async open(directory: string, name: string): Promise<CertificateAuthority> {
    const files = { certificate: join(directory, "ca.crt"), key: join(directory, "ca.key") };
    if (!existsSync(files.certificate)) await makeAuthority(directory, files, name);
    const certificate = readFileSync(files.certificate, "utf8");
    const key = await crypto.subtle.importKey("pkcs8", fromPem(readFileSync(files.key, "utf8")), ALGORITHM, false, [
      "sign",
    ]);
    return new CertificateAuthority(certificate, new X509Certificate(certificate), key);
  }

  /** A certificate for a server that is reached under these host names and IP addresses. */
  public server(names: readonly string[]): Promise<KeyPair> {
    return this.issue({ CN: [names[0] ?? "server"] }, ExtendedKeyUsage.serverAuth, names);
  }

  /** A certificate with which a client logs in. */
  public client(identity: ClientIdentity): Promise<KeyPair> {
    const subject = { CN: [identity.user], ...(identity.groups ? { O: [...identity.groups] } : {}) };
    return this.issue(subject, ExtendedKeyUsage.clientAuth, []);
  }

  private async issue(
    subject: Record<string, string[]>,
    usage: ExtendedKeyUsage,
    names: readonly string[],
  ): Promise<KeyPair> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const alternative = names.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [subject],
      issuer: this.issuer.subjectName,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + LEAF_DAYS * DAY),
      publicKey: keys.publicKey,
      signingKey: this.key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension([usage]),
        ...(alternative.length > 0 ? [new SubjectAlternativeNameExtension(alternative)] : []),
      ],
    });
    return { certificate: pem(certificate), privateKey: await privateKeyPem(keys.privateKey) };
  }
}

async function makeAuthority(
  directory: string,
  files: { certificate: string; key: string },
  name: string,
): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }, { O: ["cdktf-gke-cilium sandbox, not for production"] }],
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  // The certificate comes last: where it is there, the key is too.
  writeFileSync(files.key, await privateKeyPem(keys.privateKey), { mode: 0o600 });
  writeFileSync(`${files.certificate}.new`, pem(certificate));
  renameSync(`${files.certificate}.new`, files.certificate);
}

/** A key pair as Kubernetes signs service account tokens with: private and public key, PEM. */
export async function signingKeys(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const spki = await crypto.subtle.exportKey("spki", keys.publicKey);
  return { privateKey: await privateKeyPem(keys.privateKey), publicKey: toPem("PUBLIC KEY", spki) };
}

function serialNumber(): string {
  // The first bit stays clear: a serial number is positive.
  return `0${Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
    .toString("hex")
    .slice(1)}`;
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key));
}

function toPem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function fromPem(text: string): Buffer {
  return Buffer.from(text.replace(/-----[^-]+-----|\s/g, ""), "base64");
}
