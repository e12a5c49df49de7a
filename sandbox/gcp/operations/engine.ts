import type { ApiRequest } from "../http/exchange";
import type { JsonObject } from "../json";
import type { Identity } from "../state/identity";
import type { Store } from "../state/store";
import { DEFAULT_PENDING_MS, DEFAULT_RUNNING_MS, INLINE_LIMIT_MS, type OperationPace } from "./pace";
import { type OperationAction, type OperationError, OperationFailure, type OperationRecord } from "./record";

/** What a request wants done. */
export type OperationSpec = Pick<
  OperationRecord,
  "dialect" | "project" | "scope" | "type" | "target" | "action" | "args" | "lock"
>;

/** Operations that are over are kept for polling; beyond this many the oldest are forgotten. */
const KEPT_OPERATIONS = 2_000;

const PREFIX = "operations/";

/** Starts operations, carries them out at the pace that is set, and remembers them over a restart. */
export class OperationEngine {
  public pace: OperationPace;
  private readonly actions = new Map<string, OperationAction>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Map<string, Promise<void>>();
  /** Names of operations that are not over; the store has the rest. */
  private readonly open = new Set<string>();
  private closed = false;

  public constructor(
    private readonly store: Store,
    private readonly identity: Identity,
    pace: OperationPace,
  ) {
    this.pace = pace;
    for (const operation of this.list()) if (operation.status !== "DONE") this.open.add(operation.name);
  }

  /** Says what operations of an action do. */
  public define(action: string, definition: OperationAction): void {
    this.actions.set(action, definition);
  }

  /** Starts an operation for a request; a fault queued for the request applies to it. */
  public start(request: ApiRequest, spec: OperationSpec): OperationRecord {
    const now = Date.now();
    const operation: OperationRecord = {
      ...spec,
      name: this.identity.operation(now),
      user: request.user,
      insertedAt: new Date(now).toISOString(),
      status: "PENDING",
      held: request.fault?.stuck === true,
      ...(request.fault?.error ? { planned: request.fault.error } : {}),
      ...(request.fault?.stockout ? { stockout: request.fault.stockout } : {}),
    };
    request.operation = operation.name;
    request.target = spec.target;
    this.save(operation);
    this.forgetOld();
    this.schedule(operation);
    return operation;
  }

  /** The operation after it had the time to end that its pace gives it within the reply. */
  public async settle(operation: OperationRecord): Promise<OperationRecord> {
    const run = this.running.get(operation.name);
    if (run && this.pace.mode === "fast") {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, INLINE_LIMIT_MS);
      });
      await Promise.race([run, limit]);
      clearTimeout(timer);
    }
    return this.find(operation.name) ?? operation;
  }

  public find(name: string): OperationRecord | undefined {
    return this.store.get(PREFIX + name) as OperationRecord | undefined;
  }

  /** All operations that are remembered, oldest first. */
  public list(): OperationRecord[] {
    return this.store.list(PREFIX).map(([, record]) => record as OperationRecord);
  }

  /** Looks at an operation as a client does; in `stepped` mode that takes it one step further. */
  public async poll(name: string): Promise<OperationRecord | undefined> {
    const operation = this.find(name);
    if (operation && this.pace.mode === "stepped" && !operation.held) {
      if (operation.status === "PENDING") this.begin(name);
      else if (operation.status === "RUNNING") await this.carryOut(name);
    }
    return this.find(name);
  }

  /** The operation that holds a lock, if any. */
  public holder(lock: string): OperationRecord | undefined {
    return [...this.open].map((name) => this.find(name)!).find((operation) => operation.lock === lock);
  }

  /** Lets a held operation go on; with an error it ends in that. */
  public async release(name: string, error?: OperationError): Promise<void> {
    const operation = this.find(name);
    if (!operation || operation.status === "DONE") return;
    operation.held = false;
    if (error) operation.planned = error;
    this.save(operation);
    await this.carryOut(name);
  }

  /** Goes on with what was under way when the simulator stopped. */
  public resume(): void {
    for (const name of this.open) this.schedule(this.find(name)!);
  }

  /** Stops all clocks and waits for what is being carried out. What is not over is gone on with after a restart. */
  public async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.running.values());
  }

  private schedule(operation: OperationRecord): void {
    if (operation.held) {
      this.begin(operation.name);
    } else if (this.pace.mode === "fast") {
      this.begin(operation.name);
      void this.carryOut(operation.name);
    } else if (this.pace.mode === "slow") {
      const { pendingMs = DEFAULT_PENDING_MS, runningMs = DEFAULT_RUNNING_MS } = this.pace;
      this.after(operation.name, pendingMs, () => {
        this.begin(operation.name);
        this.after(operation.name, runningMs, () => void this.carryOut(operation.name));
      });
    }
  }

  private after(name: string, ms: number, step: () => void): void {
    this.timers.set(name, setTimeout(step, ms));
  }

  private begin(name: string): void {
    const operation = this.find(name);
    if (operation?.status !== "PENDING") return;
    this.save({ ...operation, status: "RUNNING", startedAt: new Date().toISOString() });
  }

  private carryOut(name: string): Promise<void> {
    const underWay = this.running.get(name);
    if (underWay) return underWay;
    this.begin(name);
    const run = this.perform(name).finally(() => {
      this.running.delete(name);
      this.timers.delete(name);
    });
    this.running.set(name, run);
    return run;
  }

  private async perform(name: string): Promise<void> {
    const operation = this.find(name);
    if (!operation || operation.held || operation.status === "DONE" || this.closed) return;
    const action = this.actions.get(operation.action);
    let response: JsonObject | undefined;
    let error: OperationError | undefined = operation.planned;
    try {
      if (!action) throw new Error(`no action '${operation.action}' is defined`);
      if (!error) response = await action.run(operation);
    } catch (thrown) {
      error = errorOf(thrown);
    }
    try {
      if (error) await action?.failed?.(operation, error);
    } catch (thrown) {
      error = errorOf(thrown);
    }
    this.save({
      ...operation,
      status: "DONE",
      endedAt: new Date().toISOString(),
      ...(error ? { error } : {}),
      ...(response ? { response } : {}),
    });
    await this.store.flush();
  }

  private save(operation: OperationRecord): void {
    this.store.put(PREFIX + operation.name, operation);
    if (operation.status === "DONE") this.open.delete(operation.name);
    else this.open.add(operation.name);
  }

  private forgetOld(): void {
    const names = this.store.names(PREFIX);
    for (const name of names.slice(0, Math.max(0, names.length - KEPT_OPERATIONS))) {
      if (this.store.get(name)?.["status"] === "DONE") this.store.delete(name);
    }
  }
}

function errorOf(thrown: unknown): OperationError {
  if (thrown instanceof OperationFailure) return { code: thrown.code, message: thrown.message };
  return { code: "INTERNAL", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
