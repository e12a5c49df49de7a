/**
 * What Google asks in a VPC: the probes of a cluster's load balancers. Run by the sandbox in the network of the VPC; it takes
 * its orders as messages and ends with whoever sends them.
 */
import { get } from "node:http";

/** A health check of one node. */
export interface HealthTarget {
  readonly key: string;
  /** Where it is asked: on the load balancer's own address, as passthrough load balancers do. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** Where it is asked from: what is sent from here is led to the node in question. */
  readonly source: string;
}

/** Orders: who is to be asked from now on. */
export interface HealthOrders {
  readonly targets: readonly HealthTarget[];
}

/** News: how a target answered. */
export interface HealthNews {
  readonly key: string;
  readonly healthy: boolean;
  readonly status: number;
}

/** Google asks every 8 s and believes the third failure; in the sandbox seconds are shorter. */
const INTERVAL = 1_000;
const FAILURES = 3;
const TIMEOUT = 900;

const failures = new Map<string, number>();
let targets: readonly HealthTarget[] = [];

function main(): void {
  process.on("message", (orders: HealthOrders) => {
    targets = orders.targets;
  });
  process.on("disconnect", () => process.exit(0));
  setInterval(() => {
    for (const target of targets) ask(target);
  }, INTERVAL);
}

function ask({ key, address, port, path, source }: HealthTarget): void {
  let answered = false;
  const tell = (status: number) => {
    if (answered) return;
    answered = true;
    const count = status === 200 ? 0 : (failures.get(key) ?? FAILURES) + 1;
    failures.set(key, count);
    process.send?.({ key, healthy: count < FAILURES, status } satisfies HealthNews);
  };
  const request = get(
    { host: address, port, path, localAddress: source, agent: false, timeout: TIMEOUT },
    (response) => {
      response.resume();
      tell(response.statusCode ?? 0);
    },
  );
  request.on("timeout", () => request.destroy());
  request.on("error", () => tell(0));
}

if (require.main === module) main();
