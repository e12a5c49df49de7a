import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../../../sandbox/paths";
import { check, checkEqual, checkMatches, eventually } from "../../../harness/check";
import { remember } from "../../../harness/memory";
import { NotRun, type Step } from "../../../harness/scenario";
import type { Bench } from "../../../rig/bench";
import { googleRequest } from "../../../rig/google";
import { readExample } from "../../../rig/packets/example-files";
import { PACKETS, type PacketRig } from "../../../rig/packets/packet-rig";
import {
  answeredBy,
  clustersOf,
  connects,
  containersOf,
  type Side,
  serviceOf,
  sidesOf,
  startPods,
  withPods,
} from "./sides";

/** Name of the network that both clusters are in, as their definitions have it. */
export const NETWORK = "mesh";
/** Port of a mesh's API server. */
const API_PORT = 2379;
/** Pods of the mesh's API server, not of the Job that makes their certificates. */
export const API_SERVERS = /^kube-system\/clustermesh-apiserver-[a-z0-9]+-[a-z0-9]{5}$/;
/** What has to run for real. */
const PROGRAMS = ["clustermesh-apiserver", "etcd", "cilium-certgen"];
const REPLICAS = 2;
const AFFINITY = "service.cilium.io/affinity";

const run = promisify(execFile);

/** Full names of the API's networks. */
export function networksOf(bench: Bench): string {
  return `/compute/v1/projects/${bench.project}/global/networks`;
}

/** The address that is reserved for a cluster's API server of the mesh. */
export function reservedAddress({ name, bench }: Side): string {
  const resources = Object.entries(bench.cloud.resources(bench.project));
  const reserved = resources.find(([path]) => path.endsWith(`/addresses/${name}-mesh`))?.[1];
  const { address = "", addressType } = (reserved ?? {}) as { address?: string; addressType?: string };
  checkEqual(addressType, "INTERNAL", `type of the address of ${name} that is reserved`);
  return address;
}

export const CLUSTERS: Step = {
  title: "two clusters are deployed into one network, which was there before them",
  async run(bench) {
    remember(bench, "before", bench.cloud.resources(bench.project));
    await googleRequest(bench, "POST", networksOf(bench), { name: NETWORK, autoCreateSubnetworks: false });
    await Promise.all(clustersOf(bench).map((each) => each.deploy({ layers: ["cluster"] })));
    const [one, other] = await sidesOf(bench);
    check(one.rig.real.vpc === other.rig.real.vpc, "the two clusters are not in one network");
    for (const side of [one, other]) {
      const nodes = side.rig.nodes.map((node) => side.rig.nodeAddress(node));
      const address = reservedAddress(side);
      check(!nodes.includes(address), `a node has ${address}, which is reserved`);
      bench.note(`${side.name}: nodes ${nodes.join(", ")}; ${address} is reserved for its API server of the mesh`);
      for (const program of PROGRAMS)
        if (!side.rig.real.hasProgram(program)) throw new NotRun(`${program} was not found: see docs/sandbox.md`);
    }
  },
};

/** A command of the page that tells how the authority is made. */
function commandOnPage(pattern: RegExp): string {
  const command = readFileSync(join(packageRoot(), "docs/datapath.md"), "utf8").match(pattern)?.[0];
  if (!command) throw new Error(`docs/datapath.md has no command ${pattern}`);
  return command;
}

export const AUTHORITY: Step = {
  title: "one authority is made by the page's own commands, and brought into both clusters",
  async run(bench) {
    const directory = mkdtempSync(join(tmpdir(), "mesh-authority-"));
    try {
      const make = commandOnPage(/^openssl req .*$/m);
      await run("bash", ["-euc", make], { cwd: directory });
      const bring = commandOnPage(/^kubectl create secret generic cilium-ca .*$/m);
      for (const { cloud, cluster } of clustersOf(bench)) {
        const env = { ...cloud.environment(), KUBECONFIG: cloud.kubeconfig(cluster) };
        bench.note((await run("bash", ["-euc", bring], { cwd: directory, env })).stdout.trim());
      }
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

interface ServiceObject {
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

export const CILIUM: Step = {
  title:
    "Cilium comes to both; each API server of the mesh is behind the address that is reserved, for the network only",
  async run(bench) {
    await Promise.all(clustersOf(bench).map((each) => each.deploy({ layers: ["networking"] })));
    const [one, other] = await sidesOf(bench);
    for (const { rig } of [one, other]) for (const node of rig.nodes) await rig.agentReady(node);
    for (const [side, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      const path = "/api/v1/namespaces/kube-system/services/clustermesh-apiserver";
      const { status } = await side.rig.client.get<ServiceObject>(path);
      const address = reservedAddress(side);
      checkEqual(status?.loadBalancer?.ingress, [{ ip: address, ipMode: "VIP" }], `address of ${side.name}'s Service`);
      checkEqual(containersOf(side, API_SERVERS, "etcd").length, REPLICAS, `API servers of ${side.name} that run`);
      const node = peer.rig.onNode(peer.rig.nodes[0] ?? "");
      await eventually(`${address} is answered to ${peer.name}`, 30, async () =>
        (await connects(node, address, API_PORT)) ? true : undefined,
      );
      check(!(await connects(peer.rig.internet, address, API_PORT)), `the internet reaches ${address}`);
      bench.note(`${address} is answered to nodes of ${peer.name}, and not to the internet`);
    }
  },
};

export const CATALOGUES: Step = {
  title: "the example's Service stands in both clusters, with a pod in each",
  async run(bench) {
    for (const side of await sidesOf(bench)) {
      await startPods(side);
      await applyService(side, false);
    }
    await withPods(bench);
  },
};

/** The example's Service, in the namespace of the tests; or without its wish for pods of its own cluster. */
export async function applyService({ rig }: Side, asItStands: boolean): Promise<void> {
  const [service] = readExample("cluster-mesh/service.yaml");
  if (!service) throw new Error("the example has no Service");
  const { annotations = {}, name } = service.metadata;
  check(annotations[AFFINITY] === "local", "the example's Service does not ask for pods of its own cluster first");
  const { [AFFINITY]: _, ...others } = annotations;
  const metadata = { name, namespace: PACKETS, annotations: asItStands ? annotations : others };
  await rig.apply(`/api/v1/namespaces/${PACKETS}/services`, { ...service, metadata });
}

/** What an agent says of another cluster (`cilium-dbg status -o json`). */
interface RemoteCluster {
  readonly name?: string;
  readonly connected?: boolean;
  readonly ready?: boolean;
  readonly status?: string;
  readonly "num-nodes"?: number;
  readonly "num-endpoints"?: number;
  readonly "num-identities"?: number;
  readonly "num-shared-services"?: number;
  readonly synced?: Readonly<Record<string, boolean>>;
}

async function remoteClusters(rig: PacketRig, node: string): Promise<readonly RemoteCluster[]> {
  const text = await rig.inAgent(node, "cilium-dbg", "status", "-o", "json");
  if (!text.startsWith("{")) return [];
  const status = JSON.parse(text) as { "cluster-mesh"?: { clusters?: readonly RemoteCluster[] } };
  return status["cluster-mesh"]?.clusters ?? [];
}

/** Whether an agent has everything of the other cluster: its nodes, and its pods with their identities and Services. */
function isComplete(remote: RemoteCluster | undefined, nodes: number): boolean {
  const synced = ["nodes", "endpoints", "identities", "services"].every((kind) => remote?.synced?.[kind] === true);
  return (
    remote?.ready === true &&
    remote.connected === true &&
    synced &&
    remote["num-nodes"] === nodes &&
    (remote["num-endpoints"] ?? 0) > nodes &&
    (remote["num-identities"] ?? 0) > 0 &&
    (remote["num-shared-services"] ?? 0) > 0
  );
}

/** Every agent of one cluster has everything of the other. */
export async function hasJoined(side: Side, peer: Side): Promise<string> {
  let last: RemoteCluster | undefined;
  for (const node of side.rig.nodes)
    await eventually(
      () => `the agent of ${node} has everything of ${peer.name}: ${JSON.stringify(last)}`,
      60,
      async () => {
        const remotes = await remoteClusters(side.rig, node);
        last = remotes[0];
        const isAlone = remotes.length === 1 && last?.name === peer.name;
        return isAlone && isComplete(last, peer.rig.nodes.length) ? true : undefined;
      },
    );
  return `${side.name} has of ${peer.name}: ${last?.["num-nodes"]} nodes, ${last?.["num-endpoints"]} endpoints, ${last?.["num-identities"]} identities, ${last?.["num-shared-services"]} Services`;
}

/** Whether what a program tells of another cluster says that it is reached. */
function checkReached(text: string, cluster: string, what: string): void {
  checkMatches(text, new RegExp(`Cluster "${cluster}":`), `which clusters ${what} names`);
  checkMatches(text, /Etcd connection successfully established/, `what ${what} says of ${cluster}`);
}

export const JOINED: Step = {
  title:
    "every agent says that the other cluster is ready, with nodes, endpoints, identities and Services synchronised",
  async run(bench) {
    const [one, other] = await withPods(bench);
    for (const [side, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      bench.note(await hasJoined(side, peer));
      for (const node of side.rig.nodes)
        checkReached(await side.rig.inAgent(node, "cilium-dbg", "troubleshoot", "clustermesh"), peer.name, node);
      for (const { name, container } of containersOf(side, API_SERVERS, "kvstoremesh")) {
        const words = ["clustermesh-apiserver", "kvstoremesh-dbg", "troubleshoot"];
        const { stdout } = await container.exec(words, 30_000);
        checkReached(stdout, peer.name, name);
        const resolved = `Hostname resolved to: ${reservedAddress(peer)}`;
        check(stdout.includes(resolved), `${name} does not say '${resolved}':\n${stdout}`);
      }
    }
  },
};

export const ANSWERED_BY_BOTH: Step = {
  title: "where it asks for no cluster, the Service is answered by pods of both, in both",
  async run(bench) {
    const [one, other] = await withPods(bench);
    for (const side of [one, other]) {
      const names = [one.catalogue.name, other.catalogue.name];
      await answeredBy(side.frontend, await serviceOf(side), names);
      bench.note(`${side.frontend.name} is answered by ${names.join(" and ")}, who see ${side.frontend.address}`);
    }
  },
};
