import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";
import { KmsCryptoKey } from "@cdktf/provider-google/lib/kms-crypto-key";
import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import { KmsKeyRing } from "@cdktf/provider-google/lib/kms-key-ring";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { App, TerraformStack } from "cdktf";
import { describeChange } from "../e2e/rig/plan";
import type { EnvironmentDefinition } from "../lib/environment";
import { readStacks, type Sandbox, type StackFacts } from "../sandbox/runtime";
import { type Proof, prove } from "./deployment/in-sandbox";
import { inOrder, writeStacks } from "./deployment/synthesized";
import { Terraform } from "./deployment/terraform";
import { HARDENED, KEYS, SECRETS_KEY, SOFT } from "./hardening/environments";

/**
 * The hardened profile is deployed on each dataplane with keys of its own, planned empty and destroyed. Before that, the
 * profile comes over a cluster that has lived without: Terraform refuses until its Secrets are encrypted, as the message
 * says; then everything is changed in place but for the pools, which get successors.
 *
 * Exit code 77: not run, because a program of the sandbox or a provider cannot be had.
 */
const removable = (definition: EnvironmentDefinition): EnvironmentDefinition => ({
  ...definition,
  cluster: { ...definition.cluster, deletionProtection: false },
});

const proof: Proof = {
  name: "hardened",
  write: (scratch) => {
    for (const app of ["keys", "app"]) mkdirSync(join(scratch, app));
    return [[...writeKeys(join(scratch, "keys")), ...writeStacks(join(scratch, "app"), HARDENED.map(removable))]];
  },
  async run({ sandbox, environments: [env = {}] }, scratch) {
    const app = join(scratch, "app");
    const terraform = new Terraform(app, env);
    await new Terraform(join(scratch, "keys"), env).apply("keys");

    for (const stack of inOrder(writeStacks(app, [removable(SOFT)]))) await terraform.apply(stack);
    writeStacks(app, HARDENED.map(removable));
    const planned = await harden(sandbox, terraform);

    const stacks = inOrder(readStacks(join(app, "cdktf.out")));
    for (const stack of stacks) await terraform.apply(stack);
    for (const stack of stacks) await terraform.mustBeEmpty(stack);
    for (const stack of [...stacks].reverse()) await terraform.destroy(stack);
    return `${stacks.length} stacks of the hardened profile are deployed, planned empty and destroyed; over a cluster that was there it plans ${planned.join(", ")}.`;
  },
};

/** @returns What the profile does to a cluster that has lived without it. */
async function harden(sandbox: Sandbox, terraform: Terraform): Promise<readonly string[]> {
  const stack = `${SOFT.name}-cluster`;
  const refusal = await terraform.plan(stack).then(
    () => "",
    (error: unknown) => String(error),
  );
  const wanted = `gcloud container clusters update ${SOFT.name}`;
  // Terraform breaks lines where its frame ends.
  if (!refusal.replace(/[\s│]+/g, " ").includes(wanted))
    throw new Error(
      `a cluster whose Secrets are in the clear must be refused with "${wanted}", and this is said:\n${refusal}`,
    );
  await encryptSecrets(sandbox);
  const changes = await terraform.plan(stack);
  const wrong = changes.filter(({ type, actions }) => {
    const did = actions.join();
    return type === "google_container_node_pool" ? did !== "create,delete" : did.includes("delete");
  });
  if (wrong.length > 0) throw new Error(`is not done in place: ${wrong.map(describeChange).join(", ")}`);
  if (!changes.some(({ type, actions }) => type === "google_container_cluster" && actions.join() === "update"))
    throw new Error(`the cluster must be changed in place, and is planned: ${changes.map(describeChange).join(", ")}`);
  return changes.map(describeChange);
}

/** What the message of the plan says: `gcloud container clusters update --database-encryption-key`. */
async function encryptSecrets(sandbox: Sandbox): Promise<void> {
  const { project, location, name } = SOFT;
  const request = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${sandbox.url}/container/v1/projects/${project}/locations/${location}/${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.accessToken}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
    return (await response.json()) as { readonly name: string; readonly status: string };
  };
  const desiredDatabaseEncryption = { state: "ENCRYPTED", keyName: SECRETS_KEY };
  let operation = await request("PUT", `clusters/${name}`, { update: { desiredDatabaseEncryption } });
  while (operation.status !== "DONE") {
    await new Promise((resolve) => setTimeout(resolve, 500));
    operation = await request("GET", `operations/${operation.name}`);
  }
}

/** The keys, and the two accounts of Google's that use them: without these grants GKE answers 400. */
function writeKeys(directory: string): readonly StackFacts[] {
  const outdir = join(directory, "cdktf.out");
  const app = new App({ outdir, stackTraces: false });
  const stack = new TerraformStack(app, "keys");
  new GoogleProvider(stack, "google", { project: KEYS.project });
  const { number } = new DataGoogleProject(stack, "clusters", { projectId: SOFT.project });
  const { ring: name, location } = KEYS;
  const ring = new KmsKeyRing(stack, "ring", { name, location });
  const agents = { secrets: "container-engine-robot", disks: "compute-system" };
  for (const [key, agent] of Object.entries(agents)) {
    const { id } = new KmsCryptoKey(stack, key, { name: key, keyRing: ring.id });
    new KmsCryptoKeyIamMember(stack, `${key}-user`, {
      cryptoKeyId: id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: `serviceAccount:service-${number}@${agent}.iam.gserviceaccount.com`,
    });
  }
  app.synth();
  return readStacks(outdir);
}

prove(proof).then((code) => {
  process.exitCode = code;
});
