import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";

/** An object as Helm would send it to the cluster. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

/** A container of a rendered pod, as far as tests look at it. */
export interface RenderedContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly livenessProbe?: RenderedProbe;
  readonly readinessProbe?: RenderedProbe;
  readonly startupProbe?: RenderedProbe;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

interface RenderedProbe {
  readonly httpGet?: { readonly host?: string; readonly path: string; readonly port: number | string };
}

/** Pod template of a workload. */
export interface RenderedPodTemplate {
  readonly metadata: { readonly annotations?: Record<string, string>; readonly labels?: Record<string, string> };
  readonly spec: {
    readonly containers: readonly RenderedContainer[];
    readonly initContainers?: readonly RenderedContainer[];
    readonly priorityClassName?: string;
    readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
  };
}

/** Everything one release consists of. */
export class Rendered {
  public static parse(text: string): Rendered {
    const objects = parseAllDocuments(text)
      .map((document) => document.toJS() as RenderedObject | null)
      .filter((object) => object !== null);
    return new Rendered(objects);
  }

  private constructor(public readonly objects: readonly RenderedObject[]) {}

  /** `kind/name` of every object of the given kinds. */
  public names(...kinds: readonly string[]): string[] {
    return this.objects
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  }

  public has(kind: string, name: string): boolean {
    return this.names(kind).includes(`${kind}/${name}`);
  }

  public object(kind: string, name: string): RenderedObject {
    const found = this.objects.find((object) => object.kind === kind && object.metadata.name === name);
    assert.ok(found, `there is no ${kind}/${name} among ${this.names(kind).join(", ")}`);
    return found;
  }

  /** The one object of a kind whose name begins like this. */
  public objectLike(kind: string, prefix: string): RenderedObject {
    const found = this.objects.filter((object) => object.kind === kind && object.metadata.name.startsWith(prefix));
    assert.equal(found.length, 1, `${kind}/${prefix}* among ${this.names(kind).join(", ")}`);
    return found[0] as RenderedObject;
  }

  /** What the agents and the operator are configured with. */
  public get config(): Readonly<Record<string, string>> {
    return this.object("ConfigMap", "cilium-config")["data"] as Record<string, string>;
  }

  public podTemplate(kind: string, name: string): RenderedPodTemplate {
    type Spec = { template: RenderedPodTemplate; jobTemplate?: { spec: { template: RenderedPodTemplate } } };
    const { template, jobTemplate } = this.object(kind, name)["spec"] as Spec;
    return jobTemplate?.spec.template ?? template;
  }

  public get agent(): RenderedPodTemplate {
    return this.podTemplate("DaemonSet", "cilium");
  }

  public container(kind: string, name: string, container: string): RenderedContainer {
    const { containers, initContainers = [] } = this.podTemplate(kind, name).spec;
    const found = [...containers, ...initContainers].find((each) => each.name === container);
    assert.ok(found, `${kind}/${name} has no container ${container}`);
    return found;
  }

  /** Every image of every pod. */
  public get images(): string[] {
    return [...JSON.stringify(this.objects).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image ?? "");
  }
}
