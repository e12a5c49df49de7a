import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { environments } from "../../environments";
import { versionsOf } from "../../lib/facts/policy";
import { type Fields, fieldText, isFields } from "../../lib/policy/check/fault";
import { judgeObject } from "../../lib/policy/check/object";
import { schemaFaults } from "../../lib/policy/check/schema";
import { applyDefinitions } from "../../sandbox/kubernetes/addons/definitions";
import { ApiError, type KubernetesClient, type KubernetesObject } from "../../sandbox/kubernetes/client";
import { freePort, ProcessLedger, Program } from "../../sandbox/processes";
import { findProgram } from "../../sandbox/real-nodes/requirements/machine";
import { ciliumCrds } from "../../sandbox/toolchain";
import { NOT_RUN } from "../harness/not-run";
import { CLUSTER_PROGRAMS, ledgerFile, startCluster } from "../monitoring/operator/cluster";
import { programs } from "../monitoring/programs";
import { collectionOf, inTurns, mutations } from "../scenarios/policies/mutations";
import { SAMPLES } from "../scenarios/policies/samples";

const VERSION = { major: 1, minor: 20 };
const OPERATOR = "cilium-operator-generic";
const JUDGED_SECONDS = 120;

interface Judged extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { type: string; status: string; message?: string }[] };
}

/**
 * Policies of Cilium's, and each of them changed at every place, before Cilium's real operator, which judges them with the
 * agents' own code: what it finds invalid must be refused at synth. Exit code: 0 all well, 1 not, 77 not run.
 */
async function main(): Promise<number> {
  const operator = findProgram(OPERATOR);
  const found = await programs(CLUSTER_PROGRAMS);
  if (operator === undefined || typeof found === "string") {
    console.log(`not run: policies before Cilium's operator: ${typeof found === "string" ? found : `no ${OPERATOR}`}`);
    return NOT_RUN;
  }
  const [definition] = environments.filter(({ dataplane }) => !dataplane.clusterDatapath.managed);
  if (definition === undefined) throw new Error("no environment runs a Cilium of its own");
  const directory = mkdtempSync(join(tmpdir(), "policies-proof-"));
  const ledger = new ProcessLedger(ledgerFile(directory));
  const { cluster, stop } = await startCluster(definition, found, directory);
  const program = new Program({
    name: OPERATOR,
    command: operator,
    args: [
      ...["--k8s-kubeconfig-path", cluster.files.kubeconfig],
      `--operator-api-serve-addr=127.0.0.1:${await freePort()}`,
      "--enable-metrics=false",
      "--skip-crd-creation=true",
      "--ipam=kubernetes",
      "--enable-node-selector-labels=true",
      "--cilium-pod-namespace=kube-system",
    ],
    environment: { ...process.env, K8S_NODE_NAME: "none", CILIUM_K8S_NAMESPACE: "kube-system" },
    log: join(directory, "operator.log"),
    ledger,
  });
  try {
    await applyDefinitions(cluster.controlPlane.client, await definitions());
    await program.start();
    return await compare(cluster.controlPlane.client);
  } finally {
    await program.stop();
    await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the operator would register itself. */
async function definitions(): Promise<KubernetesObject[]> {
  return (await ciliumCrds()).map((file) => parse(readFileSync(file, "utf8")) as KubernetesObject);
}

async function compare(client: KubernetesClient): Promise<number> {
  const samples = SAMPLES.filter(({ kind }) => /^Cilium.*NetworkPolicy$/.test(String(kind))).map(withoutAuthentication);
  const objects = samples
    .flatMap((sample) =>
      [sample["spec"], ...mutations(sample["spec"], (spec) => spec)].map((spec) => ({ ...sample, spec })),
    )
    .filter(isOfItsSchema)
    .map((object, index): Fields => ({ ...object, metadata: { name: `policy-${index}` } }));
  const taken = (await inTurns(objects, async (object) => ((await isTaken(client, object)) ? [object] : []))).flat();
  const judged = await verdicts(client, samples, taken.length);
  const missed = taken.flatMap((object) => {
    const verdict = judged.get(nameOf(object));
    const { faults } = judgeObject(object, VERSION);
    return verdict === undefined || verdict === "" || faults.length > 0
      ? []
      : [`${verdict}: ${JSON.stringify(object["spec"])}`];
  });
  const beyond = new Set(
    taken.flatMap((object) => {
      const [fault] = judgeObject(object, VERSION).faults;
      return fault === undefined || judged.get(nameOf(object)) !== "" ? [] : [`${fieldText(fault.path)} ${fault.rule}`];
    }),
  );
  const invalid = [...judged.values()].filter((message) => message !== "").length;
  console.log(
    `${objects.length} policies, ${taken.length} taken by the API server, ${invalid} of them invalid to ${OPERATOR}`,
  );
  for (const line of beyond) console.log(`refused at synth only: ${line}`);
  for (const line of missed.slice(0, 12)) console.log(`taken at synth, and invalid: ${line.slice(0, 500)}`);
  return missed.length === 0 && judged.size === taken.length && invalid > 0 ? 0 : 1;
}

/**
 * Whether an object is of its schema, of which `policy-definitions` has its own proof. The API server takes some that are
 * not, a list for a range for one, and the operator then reads no policy any more.
 */
function isOfItsSchema(object: Fields): boolean {
  const schema = versionsOf(String(object["kind"]), VERSION)?.get(String(object["apiVersion"]));
  return schema !== undefined && schemaFaults(object, schema).length === 0;
}

/** Whether peers prove who they are is decided by the dataplane, which no policy knows. */
function withoutAuthentication(sample: Fields): Fields {
  return JSON.parse(JSON.stringify(sample, (name, value: unknown) => (name === "authentication" ? undefined : value)));
}

async function isTaken(client: KubernetesClient, object: Fields): Promise<boolean> {
  try {
    await client.create(collectionOf(object), object);
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 422 || error.status === 400)) return false;
    throw error;
  }
}

/** What the operator says of each policy by its name: nothing where it is valid. */
async function verdicts(
  client: KubernetesClient,
  samples: readonly Fields[],
  count: number,
): Promise<Map<string, string>> {
  const collections = new Set(samples.map(collectionOf));
  const found = new Map<string, string>();
  for (const deadline = Date.now() + JUDGED_SECONDS * 1000; found.size < count && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const collection of collections)
      for (const { metadata, status } of await client.list<Judged>(collection)) {
        const valid = status?.conditions?.find(({ type }) => type === "Valid");
        if (valid) found.set(metadata.name, valid.status === "True" ? "" : (valid.message ?? "invalid"));
      }
  }
  return found;
}

function nameOf({ metadata }: Fields): string {
  return isFields(metadata) ? String(metadata["name"]) : "";
}

void main().then((code) => process.exit(code));
