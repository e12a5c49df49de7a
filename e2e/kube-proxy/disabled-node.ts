import assert from "node:assert/strict";
import { Loop } from "./actors";
import { ALL_RULESETS, FakeNode, kubeProxyRules } from "./fake-node";
import { loadNeighbours } from "./neighbours";

export const MANIFEST = "manifests/kube-proxy.manifest";
export const SAVED = "saved/kube-proxy.manifest";
export const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: kube-proxy}\n# "quotes" and ${dollars}\n';

/** A node that shall have no kube-proxy, with the loop that sees to it. */
export class DisabledNode {
  public node!: FakeNode;
  private running?: Loop;

  public async boot(): Promise<void> {
    this.node = await FakeNode.boot();
  }

  /** The loop that was started last. */
  public get loop(): Loop {
    if (this.running === undefined) throw new Error("start() comes first");
    return this.running;
  }

  /** Ends it, and holds it against the loop if it wrote anything but its log. */
  public shutDown(): void {
    this.node.shutDown();
    assert.deepEqual(this.running?.noise ?? [], []);
    this.running = undefined;
  }

  public start(environment: Record<string, string> = {}, busybox = false): void {
    this.running = new Loop(this.node, "disable", { environment, busybox });
  }

  /** The rules of kube-proxy and of everybody else. */
  public loadRules(): void {
    for (const ruleset of ALL_RULESETS) {
      this.node.load(ruleset, kubeProxyRules(ruleset));
      loadNeighbours(this.node, ruleset);
    }
  }

  public rulesLeft(): boolean {
    return Object.values(this.node.dumps()).some((lines) => lines.some((line) => /^:KUBE-SERVICES /.test(line)));
  }
}
