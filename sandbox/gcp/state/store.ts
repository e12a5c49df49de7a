import { copy, type JsonObject } from "../json";
import type { StateFile } from "./file";

/** The whole state, as written to disk. */
export interface StateDocument {
  readonly version: 1;
  seed?: string;
  counter: number;
  resources: { [name: string]: JsonObject };
}

/** Keys of IAM policies begin with this; the full resource name of what they are about follows. */
export const POLICY_PREFIX = "policies";

/** Key of the IAM policy of a resource. */
export function policyNameOf(resource: string): string {
  return POLICY_PREFIX + resource;
}

/**
 * Every resource of the simulated cloud by its full resource name
 * (`//compute.googleapis.com/projects/acme/global/networks/main`). What is read is a copy: only `put` and `delete` change.
 */
export class Store {
  private readonly document: StateDocument;
  private dirty = false;
  private writing: Promise<void> | undefined;

  public constructor(private readonly file?: StateFile) {
    this.document = file?.read() ?? { version: 1, counter: 0, resources: {} };
  }

  public get(name: string): JsonObject | undefined {
    const found = this.document.resources[name];
    return found && copy(found);
  }

  public has(name: string): boolean {
    return this.document.resources[name] !== undefined;
  }

  public put(name: string, resource: JsonObject): void {
    this.document.resources[name] = copy(resource);
    this.dirty = true;
  }

  /** Removes a resource, and with it the IAM policy that was set on it. */
  public delete(name: string): void {
    delete this.document.resources[name];
    delete this.document.resources[policyNameOf(name)];
    this.dirty = true;
  }

  /** Names that begin with a prefix, in the order they were created. */
  public names(prefix: string): string[] {
    return Object.keys(this.document.resources).filter((name) => name.startsWith(prefix));
  }

  /** Resources whose name begins with a prefix, in the order they were created. */
  public list(prefix: string): (readonly [name: string, resource: JsonObject])[] {
    return this.names(prefix).map((name) => [name, copy(this.document.resources[name]!)] as const);
  }

  /** Members of one collection (`…/networks/`), not what lies below them. */
  public children(collection: string): (readonly [name: string, resource: JsonObject])[] {
    return this.list(collection).filter(([name]) => !name.slice(collection.length).includes("/"));
  }

  /** The next number of a counter that survives a restart. */
  public count(): number {
    this.dirty = true;
    this.document.counter += 1;
    return this.document.counter;
  }

  /** The state's own random seed; made at the first call. */
  public seed(make: () => string): string {
    this.document.seed ??= make();
    return this.document.seed;
  }

  /** Resolves when everything put or deleted so far is on disk. Calls at the same time share one write. */
  public async flush(): Promise<void> {
    if (!this.file) return;
    while (this.dirty || this.writing) {
      this.writing ??= this.write().finally(() => {
        this.writing = undefined;
      });
      await this.writing;
    }
  }

  private async write(): Promise<void> {
    this.dirty = false;
    await this.file!.write(this.document);
  }
}
