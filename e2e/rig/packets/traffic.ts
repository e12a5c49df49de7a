import type { Tally } from "../../../sandbox/real-nodes/programs/client";
import { LoadBalancing } from "../../../sandbox/real-nodes/vpc/load-balancing";
import { check, checkEqual, eventually } from "../../harness/check";
import type { Bench } from "../bench";
import type { PacketRig, TestPod, TestService } from "./packet-rig";
import type { Client } from "./place";

/** Port at which load balancers ask nodes for their health. */
const HEALTH = { port: 10256, path: "/healthz" };

/**
 * Milliseconds after which health counts as gone. How long the port is silent depends on how busy the machine is, and is a
 * note of the report; Google takes a node out after 16 s (it asks every 8 s, and counts to three).
 */
const GONE = 180_000;

/** Share of new connections that may fail where a node's network changes hands. */
const TOLERATED = 0.01;

/** How one way to a Service, or one health check, fared. */
export interface Fared {
  readonly what: string;
  readonly tally: Tally;
}

/** Clients that never stop, on every way to a Service, and health checks of every node on every address. */
export class Traffic {
  private constructor(private readonly clients: readonly (readonly [what: string, client: Client])[]) {}

  /**
   * @param web A load balancer with servers behind it.
   * @param pod Somewhere in the cluster.
   */
  public static async start(rig: PacketRig, web: TestService, pod: TestPod): Promise<Traffic> {
    const clients: [string, Client][] = [
      ["load balancer", await rig.internet.client(web.loadBalancer, 80)],
      ["ClusterIP", await pod.client(web.clusterIp, 80)],
    ];
    for (const name of rig.nodes.slice(0, 2)) {
      const node = rig.real.node(name);
      const { address, index } = node.machine;
      clients.push([`NodePort of node ${index}`, await rig.machine.client(address, web.nodePort)]);
      const options = { interval: 100, stays: false, path: HEALTH.path };
      clients.push([`health of node ${index}`, await rig.machine.client(address, HEALTH.port, options)]);
      clients.push([
        `health of node ${index} on the load balancer's address`,
        await rig.machine.client(web.loadBalancer, HEALTH.port, {
          ...options,
          source: LoadBalancing.probeSource(node),
        }),
      ]);
    }
    return new Traffic(clients);
  }

  public stop(): Promise<Fared[]> {
    return Promise.all(this.clients.map(async ([what, client]) => ({ what, tally: await client.stop() })));
  }
}

/** One line of the report a way. */
export function describe({ what, tally }: Fared): string {
  const { answered, failed, broken, longestGap } = tally;
  // Those of health checks are many, and told by their longest gap.
  const told =
    failed.length > 5 ? failed.map(({ why }) => why) : failed.map(({ at, why }) => `${why} at ${at.slice(11, 23)}`);
  const reasons = [...new Set(told)].join(", ");
  const causes = broken.map(({ at, why }) => `${why} at ${at.slice(11, 23)}`).join(", ");
  const breaks = broken.length > 0 ? `, the standing connection broke ${broken.length} times (${causes})` : "";
  return `${what}: ${answered} answered, ${failed.length} not${reasons ? ` (${reasons})` : ""}, longest gap ${longestGap.milliseconds} ms${breaks}`;
}

/** Whether it tells of a health check. */
export function isHealth({ what }: Fared): boolean {
  return what.startsWith("health");
}

/** A load balancer with a server on each of the first two nodes, and a client on the first: made where they are not there. */
export async function webUnderTraffic(rig: PacketRig): Promise<{ web: TestService; client: TestPod }> {
  const [first = "", second = ""] = rig.nodes;
  if (!(await rig.exists("web-a"))) {
    const labels = { app: "web" };
    await Promise.all([
      rig.start("web-a", { node: first, labels }),
      rig.start("web-b", { node: second, labels }),
      rig.start("client", { node: first }),
    ]);
  }
  await Promise.all([rig.ready("web-a", first), rig.ready("web-b", second)]);
  const client = await rig.ready("client", first);
  const web = await rig.service("web", "web", { type: "LoadBalancer" });
  await eventually("the load balancer answers", 60, () => rig.internet.ask(web.loadBalancer, 80));
  // A Service that was just made is new on each node for itself: until then a node refuses its connections.
  await eventually("the load balancer answers through every node", 60, async () => {
    const { loadBalancing } = rig.real;
    const healthy = rig.nodes.filter((node) => loadBalancing.healthOf(web.loadBalancer, node)?.healthy);
    for (const node of healthy) if (!(await answersThrough(rig, node, web.loadBalancer))) return undefined;
    return healthy.length > 0 ? true : undefined;
  });
  return { web, client };
}

/** Whether a load balancer answers a connection that is led to one node. */
async function answersThrough(rig: PacketRig, node: string, address: string): Promise<boolean> {
  const source = LoadBalancing.probeSource(rig.real.node(node));
  const client = await rig.machine.client(address, 80, { interval: 60_000, stays: false, source });
  const { answered, failed } = await client.stop();
  return answered > 0 && failed.length === 0;
}

/** No new connection failed, no standing one broke, and nodes answer for their health again. */
export function expectUndisturbed(fared: readonly Fared[], bench: Bench): void {
  for (const one of fared) bench.note(describe(one));
  for (const one of fared) {
    if (isHealth(one)) {
      const { milliseconds, until } = one.tally.longestGap;
      check(
        milliseconds < GONE,
        `${one.what} was not answered for ${milliseconds} ms until ${until}: ${describe(one)}`,
      );
      continue;
    }
    checkEqual(one.tally.failed.length, 0, `failed connections of ${describe(one)}`);
    checkEqual(one.tally.broken.length, 0, `standing connections that broke of ${describe(one)}`);
  }
}

/** Hardly a new connection failed: the first program on a node's card takes over in the middle of what passes. */
export function expectHardlyDisturbed(fared: readonly Fared[], bench: Bench): void {
  for (const one of fared) {
    bench.note(describe(one));
    const { answered, failed } = one.tally;
    if (!isHealth(one))
      check(failed.length <= answered * TOLERATED, `more than one connection in a hundred failed: ${describe(one)}`);
  }
}
