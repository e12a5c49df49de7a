import { check, checkEqual, eventually } from "../../../harness/check";
import type { Step } from "../../../harness/scenario";
import type { Bench } from "../../../rig/bench";
import { PACKETS, PacketRig, type TestPod } from "../../../rig/packets/packet-rig";
import type { Place } from "../../../rig/packets/place";

/** One of the two clusters of the mesh. */
export interface Side {
  readonly name: string;
  readonly bench: Bench;
  readonly rig: PacketRig;
}

/** What stands in each cluster: the catalogue of the example on one node, who asks it on the other. */
export interface Pods {
  readonly catalogue: TestPod;
  readonly frontend: TestPod;
  readonly stranger: TestPod;
}

/** Port of the catalogue, as the example has it. */
export const PORT = 8080;
/** How often somebody asks before it is taken for granted who answers. */
const ASKED = 20;

/** The benches of both clusters: that of the run, and the other. */
export function clustersOf(bench: Bench): readonly [Bench, Bench] {
  const [other] = bench.meshed;
  if (!other) throw new Error(`${bench.environment} is in no mesh`);
  other.progress = bench.progress;
  other.scenario = bench.scenario;
  return [bench, other];
}

export async function sidesOf(bench: Bench): Promise<readonly [Side, Side]> {
  const [one, other] = clustersOf(bench);
  const side = async (each: Bench): Promise<Side> => ({
    name: each.environment,
    bench: each,
    rig: await PacketRig.of(each),
  });
  return [await side(one), await side(other)];
}

/** The same seen from each of the two clusters. */
export function bothWays(
  title: string,
  look: (from: Side & Pods, to: Side & Pods, bench: Bench) => Promise<void>,
): Step {
  return {
    title,
    async run(bench) {
      const [one, other] = await withPods(bench);
      await look(one, other, bench);
      await look(other, one, bench);
    },
  };
}

/** Makes the pods of a cluster. */
export async function startPods({ name, rig }: Side): Promise<void> {
  const [first = "", second = ""] = rig.nodes;
  await Promise.all([
    rig.start(`catalogue-${name}`, { node: first, labels: { app: "catalogue" }, ports: [PORT] }),
    rig.start(`frontend-${name}`, { node: second, labels: { app: "frontend" } }),
    rig.start(`stranger-${name}`, { node: second, labels: { app: "stranger" } }),
  ]);
}

/** Both clusters, with their pods as they are now. */
export async function withPods(bench: Bench): Promise<readonly [Side & Pods, Side & Pods]> {
  const [one, other] = await sidesOf(bench);
  return [await ready(one), await ready(other)];
}

async function ready(side: Side): Promise<Side & Pods> {
  const { name, rig } = side;
  const [first = "", second = ""] = rig.nodes;
  return {
    ...side,
    catalogue: await rig.ready(`catalogue-${name}`, first),
    frontend: await rig.ready(`frontend-${name}`, second),
    stranger: await rig.ready(`stranger-${name}`, second),
  };
}

/** Makes the catalogue of a cluster again. */
export async function restoreCatalogue({ name, rig }: Side): Promise<void> {
  await rig.serve(`catalogue-${name}`, { node: rig.nodes[0] ?? "", labels: { app: "catalogue" }, ports: [PORT] });
}

/** Address of the Service in a cluster. */
export async function serviceOf({ rig }: Side): Promise<string> {
  const path = `/api/v1/namespaces/${PACKETS}/services/catalogue`;
  return (await rig.client.get<{ spec: { clusterIP: string } }>(path)).spec.clusterIP;
}

/** Asks until all of these have answered and nobody else; each has to see the asker's own address. */
export async function answeredBy(from: TestPod, address: string, names: readonly string[]): Promise<void> {
  const expected = [...names].sort();
  let seen: string[] = [];
  await eventually(
    () => `${expected.join(" and ")} answer ${from.name} at ${address}, not '${seen.join(", ")}'`,
    40,
    async () => {
      seen = await whoAnswers(from, address);
      return seen.join() === expected.join() ? true : undefined;
    },
  );
}

/** Names of those who answer when somebody asks again and again. */
async function whoAnswers(from: TestPod, address: string): Promise<string[]> {
  const names = new Set<string>();
  for (let request = 0; request < ASKED; request += 1) {
    const answer = await from.ask(address, PORT);
    if (!answer) return ["nobody"];
    checkEqual(answer.from, from.address, `whom ${answer.name} sees when ${from.name} asks ${address}`);
    names.add(answer.name);
  }
  return [...names].sort();
}

/** Who gets an answer of a server, of all who ask it by its own address; waits until that is so. */
export async function letsIn(server: TestPod, asking: readonly TestPod[], welcome: readonly TestPod[]): Promise<void> {
  const expected = asking.map((pod) => `${pod.name} ${welcome.includes(pod) ? "passes" : "is kept out"}`);
  let seen: string[] = [];
  await eventually(
    () => `${server.name}: ${expected.join(", ")}; but ${seen.join(", ")}`,
    40,
    async () => {
      seen = [];
      for (const pod of asking) {
        const answer = await pod.ask(server.address, PORT, welcome.includes(pod) ? 3 : 1);
        if (answer) checkEqual(answer.from, pod.address, `whom ${server.name} sees of ${pod.name}`);
        seen.push(`${pod.name} ${answer ? "passes" : "is kept out"}`);
      }
      return seen.join() === expected.join() ? true : undefined;
    },
  );
}

/** Whether a connection is opened, whatever is said on it. */
export async function connects(from: Place, address: string, port: number): Promise<boolean> {
  const open = ["bash", "--norc", "-c", 'exec 3<>"/dev/tcp/$1/$2"', "connect", address, String(port)];
  return (await from.run(["timeout", "3", ...open])).code === 0;
}

/** @throws CheckFailed where it is not one of the nodes' programs. */
export function containersOf({ rig }: Side, pod: RegExp, container: string) {
  const found = rig.nodes.flatMap((node) =>
    rig.real.kubelet(node).all.flatMap((runner) => {
      const one = pod.test(runner.name) ? runner.container(container) : undefined;
      return one ? [{ name: runner.name, container: one }] : [];
    }),
  );
  check(found.length > 0, `no pod ${pod} runs its ${container}`);
  return found;
}
