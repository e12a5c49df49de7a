import type { KubernetesClient } from "./client";
import type { KubernetesObject } from "./objects";

interface ApiResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Paths of objects, from what the API server says it serves. */
export class Discovery {
  private readonly lists = new Map<string, ApiResourceList>();

  public constructor(private readonly client: KubernetesClient) {}

  /** Path of one object. @throws Error where the API server does not know the kind. */
  public async pathOf(object: KubernetesObject): Promise<string> {
    const { apiVersion = "", kind = "", metadata } = object;
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await this.find(root, kind);
    if (!resource) throw new Error(`the API server serves no ${kind} of ${apiVersion}`);
    const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${root}${namespace}/${resource.name}/${metadata.name}`;
  }

  private async find(root: string, kind: string) {
    const search = () =>
      this.lists.get(root)?.resources.find((resource) => resource.kind === kind && !resource.name.includes("/"));
    // What was not there a moment ago may be by now: definitions are added while we run.
    if (!search()) {
      const list = await this.client.find<ApiResourceList>(root);
      if (list) this.lists.set(root, list);
    }
    return search();
  }
}
