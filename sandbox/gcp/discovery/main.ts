import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../paths";
import { type AssetModule, moduleFiles } from "../../toolchain/assets";
import { GoogleCloudSimulator } from "../simulator";
import { type DiscoveryDocument, extract } from "./extract";
import type { FieldType, ServiceSchema } from "./schema";
import { TypeNames } from "./type-names";

/** Google's API client for Go carries the discovery document of every API: the present one first. */
const CLIENTS: readonly AssetModule[] = [
  {
    path: "google.golang.org/api",
    version: "v0.312.0",
    sum: "h1:c6EbM0/irOk8MemsYRO3ewSQWxVk2QYQJ/rYHXwEYh0=",
  },
  // What the google provider 6.50 is built with.
  {
    path: "google.golang.org/api",
    version: "v0.245.0",
    sum: "h1:YliGvz1rjXB+sTLNIST6Ffeji9WlRdLQ+LPl9ruSa5Y=",
  },
];

/** Generated from the protocol buffers of GKE's API: the names that errors tell. */
const CONTAINER_TYPES: AssetModule = {
  path: "cloud.google.com/go/container",
  version: "v1.56.1",
  sum: "h1:qhXiBO+eV5nX8Bkdwnp7173QtupzrZGi8YpBdi5K2BI=",
};

/** [name of the API and its version, path under the simulator's address, package of its protocol buffers] */
const APIS: readonly (readonly [api: string, version: string, root: string, packageName: string])[] = [
  ["artifactregistry", "v1", "/artifactregistry/", "google.devtools.artifactregistry.v1"],
  ["binaryauthorization", "v1", "/binaryauthorization/", "google.cloud.binaryauthorization.v1"],
  ["cloudkms", "v1", "/kms/", "google.cloud.kms.v1"],
  ["cloudresourcemanager", "v1", "/cloudresourcemanager/", "google.iam.v1"],
  ["cloudresourcemanager", "v3", "/cloudresourcemanager/", "google.iam.v1"],
  ["compute", "v1", "/compute/v1/", "google.cloud.compute.v1"],
  ["container", "v1", "/container/", "google.container.v1"],
  ["gkebackup", "v1", "/gkebackup/", "google.cloud.gkebackup.v1"],
  ["gkehub", "v1", "/gkehub/", "google.cloud.gkehub.v1"],
  ["iam", "v1", "/iam/", "google.iam.admin.v1"],
  ["monitoring", "v1", "/monitoring/", "google.monitoring.dashboard.v1"],
  ["monitoring", "v3", "/monitoring/", "google.monitoring.v3"],
  ["pubsub", "v1", "/pubsub/", "google.pubsub.v1"],
  ["secretmanager", "v1", "/secretmanager/", "google.cloud.secretmanager.v1"],
];

/** Fields that no document tells and that the API takes all the same, by message: the google provider sends them (6.50, 7.45). */
const UNTOLD: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, FieldType>>>>>> = {
  compute: {
    NetworkRoutingConfig: { deleteBgpAlwaysCompareMed: "bool" },
    RouterNat: { initialNatIps: "[]string" },
  },
};

/**
 * Writes `data/`: what each API takes, of the requests that are simulated. Run it again after a version above was raised
 * or a route was added: `npm run build:all && node dist/sandbox/gcp/discovery/main.js`.
 */
async function main(): Promise<void> {
  const simulator = new GoogleCloudSimulator();
  const types = await moduleFiles(CONTAINER_TYPES);
  const code = readFileSync(join(types, "apiv1", "containerpb", "cluster_service.pb.go"), "utf8");
  const clients = await Promise.all(CLIENTS.map((client) => moduleFiles(client)));
  for (const [api, version, root, packageName] of APIS) {
    const documents = clients.map(
      (directory) =>
        JSON.parse(readFileSync(join(directory, api, version, `${api}-api.json`), "utf8")) as DiscoveryDocument,
    );
    const names = new TypeNames(packageName, api === "container" ? code : "");
    const extracted = extract(documents, names, root, (method, path) => simulator.serves(method, path));
    const schema: ServiceSchema = {
      source: documents.map(
        ({ id, revision }, i) => `${CLIENTS[i]!.path} ${CLIENTS[i]!.version}: ${id}, revision ${revision}`,
      ),
      ...extracted,
      messages: withFields(extracted.messages, UNTOLD[api] ?? {}),
    };
    const file = join(packageRoot(), "sandbox", "gcp", "discovery", "data", `${api}-${version}.json`);
    writeFileSync(file, `${JSON.stringify(schema, undefined, 1)}\n`);
    process.stdout.write(`${file}: ${Object.keys(schema.methods).length} requests\n`);
  }
}

function withFields(
  messages: ServiceSchema["messages"],
  more: Readonly<Record<string, Readonly<Record<string, FieldType>>>>,
): ServiceSchema["messages"] {
  const entries = Object.entries(messages).map(([name, message]) => [
    name,
    { ...message, fields: { ...message.fields, ...more[name] } },
  ]);
  return Object.fromEntries(entries) as ServiceSchema["messages"];
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
