import type { Fault, QueuedFault } from "./fault";

/** Faults in waiting. A request is struck by the first that fits; the others still count it. */
export class FaultQueue {
  private faults: QueuedFault[] = [];
  private nextId = 1;

  /** Queues a fault and returns its id. @throws Error where the fault can do nothing or its path is no expression. */
  public add(fault: Fault): number {
    if (!fault.error && !fault.reset && !fault.operation && fault.delayMs === undefined) {
      throw new Error("a fault needs an effect: error, reset, operation or delayMs");
    }
    if (fault.path !== undefined) new RegExp(fault.path);
    const id = this.nextId++;
    this.faults.push({ ...fault, id, seen: 0, struck: 0 });
    return id;
  }

  /** Removes one fault, or all. */
  public clear(id?: number): void {
    this.faults = id === undefined ? [] : this.faults.filter((fault) => fault.id !== id);
  }

  /** Faults with how often they were seen and struck; those that are used up stay listed until cleared. */
  public list(): QueuedFault[] {
    return this.faults.map((fault) => ({ ...fault }));
  }

  /** The fault that strikes this request, if any. */
  public strike(method: string, path: string): Fault | undefined {
    let striking: QueuedFault | undefined;
    for (const fault of this.faults) {
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !new RegExp(fault.path).test(path)) continue;
      fault.seen += 1;
      const used = fault.times !== 0 && fault.struck >= (fault.times ?? 1);
      if (!striking && !used && fault.seen >= (fault.nth ?? 1)) {
        fault.struck += 1;
        striking = fault;
      }
    }
    return striking;
  }
}
