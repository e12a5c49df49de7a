import { join } from "node:path";
import type { ProcessLedger } from "../../processes";
import { World } from "../namespaces/world";
import { Vpc } from "./vpc";

interface OpenNetwork {
  readonly vpc: Promise<Vpc>;
  clusters: number;
}

/** The networks of a sandbox in which clusters have real nodes. Each lasts as long as a cluster is in it. */
export class Networks {
  private readonly open = new Map<string, OpenNetwork>();

  public constructor(
    /** Where each has a directory of its own. */
    private readonly directory: string,
    private readonly ledger: ProcessLedger,
  ) {}

  /** The network for one more cluster. @param name Of the network, unique in the sandbox; part of a file name. */
  public async enter(name: string): Promise<Vpc> {
    const network = this.open.get(name) ?? { vpc: this.start(name), clusters: 0 };
    network.clusters += 1;
    this.open.set(name, network);
    try {
      return await network.vpc;
    } catch (error) {
      this.open.delete(name);
      throw error;
    }
  }

  /** Takes a cluster out of it; with the last one it ends. */
  public async leave(name: string): Promise<void> {
    const network = this.open.get(name);
    if (!network) return;
    network.clusters -= 1;
    if (network.clusters > 0) return;
    this.open.delete(name);
    await (await network.vpc).stop();
  }

  private async start(name: string): Promise<Vpc> {
    const world = await World.start(join(this.directory, name), name, this.ledger);
    try {
      return await Vpc.start(world);
    } catch (error) {
      await world.stop();
      throw error;
    }
  }
}
