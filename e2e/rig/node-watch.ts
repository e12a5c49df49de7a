import type { Kube } from "./kube";
import { isReady, poolOf } from "./kube";

/** How many nodes were ready at one moment, by the pool's name. */
export interface NodeSample {
  readonly at: number;
  readonly ready: Readonly<Record<string, number>>;
}

const INTERVAL_MS = 150;

/** Looks at the nodes all the time while something else happens. */
export class NodeWatch {
  public readonly samples: NodeSample[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  public constructor(private readonly kube: Kube) {
    this.running = this.run();
  }

  /** Stops looking, after one last look. */
  public async stop(): Promise<readonly NodeSample[]> {
    this.stopped = true;
    await this.running;
    await this.look();
    return this.samples;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  }

  private async look(): Promise<void> {
    const at = Date.now();
    const ready: Record<string, number> = {};
    for (const node of await this.kube.nodes()) {
      if (isReady(node)) ready[poolOf(node)] = (ready[poolOf(node)] ?? 0) + 1;
    }
    this.samples.push({ at, ready });
  }
}

/** The fewest nodes that were ready at any moment, all pools together. */
export function fewestReady(samples: readonly NodeSample[]): number {
  return Math.min(...samples.map(({ ready }) => Object.values(ready).reduce((sum, count) => sum + count, 0)));
}
