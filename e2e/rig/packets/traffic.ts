import type { Tally } from "../../../sandbox/real-nodes/programs/client";
import { LoadBalancing } from "../../../sandbox/real-nodes/vpc/load-balancing";
import type { PacketRig, TestPod, TestService } from "./packet-rig";
import type { Client } from "./place";

/** Port at which load balancers ask nodes for their health. */
const HEALTH = { port: 10256, path: "/healthz" };

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
  const reasons = [...new Set(failed.map(({ why }) => why))].join(", ");
  const breaks = broken.length > 0 ? `, the standing connection broke ${broken.length} times` : "";
  return `${what}: ${answered} answered, ${failed.length} not${reasons ? ` (${reasons})` : ""}, longest gap ${longestGap.milliseconds} ms${breaks}`;
}

/** Whether it tells of a health check. */
export function isHealth({ what }: Fared): boolean {
  return what.startsWith("health");
}
