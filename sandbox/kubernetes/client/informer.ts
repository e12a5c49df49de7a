import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesClient } from "./client";
import { type KubernetesObject, keyOf } from "./objects";

interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

/** Pause before a broken watch is begun again. */
const RETRY = 500;

/**
 * Everything of one kind, kept up to date by list and watch, also over the time that the API server is away. `onChange`
 * is told that something is, or may be, different.
 */
export class Informer<T extends KubernetesObject> {
  private readonly objects = new Map<string, T>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private synced = false;

  /**
   * @param path Collection, e.g. `/api/v1/pods`.
   * @param selector Query that narrows it down, e.g. `fieldSelector=metadata.name%3Dcilium-config`.
   */
  public constructor(
    private readonly client: KubernetesClient,
    private readonly path: string,
    private readonly onChange: () => void,
    private readonly selector = "",
  ) {}

  /** Whether the first list has been read. Until then nothing is known, which is not the same as nothing there. */
  public get isSynced(): boolean {
    return this.synced;
  }

  public all(): T[] {
    return [...this.objects.values()];
  }

  public start(): void {
    this.running = this.run();
  }

  public async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.follow(await this.readAll());
      } catch {
        // The API server is away or the version too old: begin again with a list.
      }
      await sleep(RETRY, undefined, { signal: this.stopping.signal }).catch(() => {});
    }
  }

  private async readAll(): Promise<string> {
    const list = await this.client.get<{ metadata: { resourceVersion: string }; items: T[] }>(this.query(""));
    this.objects.clear();
    for (const object of list.items) this.objects.set(keyOf(object), object);
    this.synced = true;
    this.onChange();
    return list.metadata.resourceVersion;
  }

  private async follow(resourceVersion: string): Promise<void> {
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`;
    const stream = await this.client.stream(this.query(query), this.stopping.signal);
    try {
      for await (const line of createInterface({ input: stream })) {
        const event = JSON.parse(line) as WatchEvent<T>;
        if (event.type === "ERROR") return;
        if (event.type === "BOOKMARK") continue;
        if (event.type === "DELETED") this.objects.delete(keyOf(event.object));
        else this.objects.set(keyOf(event.object), event.object);
        this.onChange();
      }
    } finally {
      stream.destroy();
    }
  }

  private query(parameters: string): string {
    const query = [this.selector, parameters].filter(Boolean).join("&");
    return query ? `${this.path}?${query}` : this.path;
  }
}
