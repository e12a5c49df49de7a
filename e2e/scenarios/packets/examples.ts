import { check, checkEqual, eventually } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { applyPolicies, type Manifest, readExample } from "../../rig/packets/example-files";
import { PacketRig, type TestPod } from "../../rig/packets/packet-rig";

async function answers(from: TestPod, to: TestPod, port: number, seconds?: number): Promise<boolean> {
  return (await from.ask(to.address, port, seconds)) !== undefined;
}

async function starWars(bench: Bench): Promise<void> {
  const rig = await PacketRig.of(bench);
  const [first = "", second = ""] = rig.nodes;
  const app = readExample("star-wars/app.yaml");
  const labelsOf = (name: string) => {
    const found = app.find(({ kind, metadata }) => metadata.name === name && kind !== "Service");
    return found?.spec.template?.metadata.labels ?? found?.metadata.labels ?? {};
  };
  await Promise.all([
    rig.start("deathstar", { node: first, labels: labelsOf("deathstar"), ports: [80, 8080] }),
    rig.start("tiefighter", { node: second, labels: labelsOf("tiefighter") }),
    rig.start("xwing", { node: second, labels: labelsOf("xwing") }),
  ]);
  const deathstar = await rig.ready("deathstar", first);
  const [tiefighter, xwing] = [await rig.ready("tiefighter", second), await rig.ready("xwing", second)];
  check(await answers(xwing, deathstar, 80), "xwing does not land where there is no policy");
  const takeBack = await applyPolicies(rig, "star-wars/policies");
  try {
    await eventually("xwing does not land", 20, async () =>
      (await answers(xwing, deathstar, 80, 1)) ? undefined : true,
    );
    check(await answers(tiefighter, deathstar, 80), "tiefighter does not land");
    check(!(await answers(tiefighter, deathstar, 8080, 1)), "tiefighter reaches another port");
    check(!(await answers(xwing, deathstar, 8080, 1)), "xwing reaches another port");
  } finally {
    await takeBack();
    await rig.cleanUp();
  }
}

/** Who asks whom at which port, as the shop is configured. */
function configuredCalls(app: readonly Manifest[]): ReadonlyMap<string, ReadonlySet<string>> {
  const services = new Set(app.filter(({ kind }) => kind === "Service").map(({ metadata }) => metadata.name));
  return new Map(
    app
      .filter(({ kind }) => kind === "Deployment")
      .map(({ metadata, spec }) => {
        const targets = (spec.template?.spec.containers[0]?.env ?? []).map(({ value }) => value.split(":")[0] ?? "");
        return [metadata.name, new Set(targets.filter((target) => services.has(target)))];
      }),
  );
}

interface Pair {
  readonly client: TestPod;
  readonly server: TestPod;
  readonly port: number;
  readonly wanted: boolean;
}

const told = ({ client, server, wanted }: Pair) =>
  `${client.name} ${wanted ? "does not reach" : "reaches"} ${server.name}`;

/** How many clients ask at once: what is denied only waits, and what is not wants an answer in time. */
const ASKING = 16;

/** Those of the pairs that are not as they are wanted. */
async function differing(pairs: readonly Pair[]): Promise<readonly Pair[]> {
  const left = [...pairs];
  const found = new Set<Pair>();
  const ask = async () => {
    for (let pair = left.shift(); pair; pair = left.shift())
      if ((await answers(pair.client, pair.server, pair.port, pair.wanted ? 3 : 1)) !== pair.wanted) found.add(pair);
  };
  await Promise.all(Array.from({ length: ASKING }, ask));
  return pairs.filter((pair) => found.has(pair));
}

/** Asks again what is not yet as it is wanted: a policy acts a moment after it was written. */
async function settle(pairs: readonly Pair[]): Promise<void> {
  let waiting = pairs;
  await eventually(
    () => `every pair as configured: ${waiting.map(told).join(", ")}`,
    90,
    async () => {
      waiting = await differing(waiting);
      return waiting.length === 0 ? true : undefined;
    },
  );
}

async function microservices(bench: Bench): Promise<void> {
  const rig = await PacketRig.of(bench);
  const [first = "", second = ""] = rig.nodes;
  const app = readExample("microservices/app.yaml");
  const calls = configuredCalls(app);
  const ports = new Map(
    app
      .filter(({ kind }) => kind === "Service")
      .map(({ metadata, spec }) => [metadata.name, spec.ports?.[0]?.targetPort ?? 0]),
  );
  const names = [...calls.keys()];
  const nodeOf = (name: string) => (names.indexOf(name) % 2 === 0 ? first : second);
  await Promise.all(
    names.map((name) =>
      rig.start(name, { node: nodeOf(name), labels: { app: name }, ports: [ports.get(name) ?? 8080] }),
    ),
  );
  const pods = new Map<string, TestPod>();
  for (const name of names) pods.set(name, await rig.ready(name, nodeOf(name)));
  const takeBack = await applyPolicies(rig, "microservices/policies");
  const pairs = names.flatMap((from) =>
    [...ports].flatMap(([to, port]): Pair[] => {
      const [client, server] = [pods.get(from), pods.get(to)];
      return to === from || !client || !server
        ? []
        : [{ client, server, port, wanted: calls.get(from)?.has(to) === true }];
    }),
  );
  try {
    await settle(pairs);
    // By now every policy acts: what one of them denies stays denied.
    const last = await differing(pairs);
    checkEqual(last.filter(({ wanted }) => !wanted).map(told), [], "pairs that are not as configured");
    await settle(last);
    bench.note(`${pairs.length} pairs`);
  } finally {
    await takeBack();
    await rig.cleanUp();
  }
}

/** The examples' own policies, by packets: what they select is what the examples' pods are labelled with. */
export const PACKET_EXAMPLES: Scenario = {
  id: "packets-examples",
  title: "The examples' policies let through what their pages say, and nothing else",
  shows: "packets",
  real: true,
  slow: true,
  proves: [
    "docs/examples/star-wars.md: by packets between two nodes: tiefighter reaches the death star on port 80 and on no other, xwing reaches it on none.",
    "docs/examples/microservices.md: a service reaches what it is configured with, on the port it listens on, and nothing else.",
  ],
  environments: ["staging"],
  steps: [
    { title: "Star Wars: the empire lands, the alliance does not", run: starWars },
    { title: "the shop: every pair of its services", run: microservices },
  ],
};
