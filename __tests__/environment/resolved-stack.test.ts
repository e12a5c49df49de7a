import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Aspects, Lazy, TerraformOutput, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { environments } from "../../environments";
import { Environment, type EnvironmentStack, withoutTokenTraces } from "../../lib/environment";
import { definition } from "../support/definition";

const outdir = mkdtempSync(join(tmpdir(), "resolved-stack-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** What cdktf itself makes of a stack. */
const cdktfs = (stack: TerraformStack): unknown => TerraformStack.prototype.toTerraform.call(stack);

function synthesized(environment: (app: App) => Environment, change: (it: Environment) => void = () => {}) {
  return withoutTokenTraces(() => {
    const app = new App({ outdir, stackTraces: false });
    const it = environment(app);
    change(it);
    const stacks = [it.cluster, it.networking, it.monitoring];
    for (const stack of stacks) stack.prepareStack();
    return { it, stacks };
  });
}

function expectSame(stacks: readonly EnvironmentStack[]): void {
  for (const stack of stacks) {
    const ours = stack.toTerraform();
    expect(JSON.stringify(ours, undefined, 2)).toBe(JSON.stringify(cdktfs(stack), undefined, 2));
    // A second time without what was prepared.
    expect(stack.toTerraform()).toEqual(ours);
  }
}

describe("a stack whose tokens are resolved once is the one that cdktf would write", () => {
  test.each(environments.map((each) => [each.name, each] as const))("%s as it ships", (_, shipped) => {
    expectSame(synthesized((app) => new Environment(app, shipped)).stacks);
  });

  test("with overrides of stacks and resources, taken out ones and lazy ones among them", () => {
    const { stacks } = synthesized(
      (app) => new Environment(app, definition()),
      ({ cluster, networking }) => {
        cluster.addOverride("terraform.required_version", undefined);
        cluster.addOverride("locals.answer", Lazy.stringValue({ produce: () => "42" }));
        cluster.addOverride("resource.google_container_cluster.extra", [{ a: 1 }]);
        cluster.cluster.cluster.addOverride("dns_config.cluster_dns", "CLOUD_DNS");
        networking.addOverride("provider.google", undefined);
        new TerraformOutput(cluster, "endpoint", { value: cluster.cluster.cluster.endpoint });
      },
    );
    expectSame(stacks);
    expect(JSON.stringify(stacks[0]!.toTerraform())).toContain("CLOUD_DNS");
  });

  test("with references between stacks", () => {
    const { stacks } = synthesized(
      (app) => new Environment(app, definition()),
      ({ cluster, monitoring }) => {
        new TerraformOutput(monitoring, "endpoint", { value: cluster.cluster.cluster.endpoint });
      },
    );
    expectSame(stacks);
    expect(stacks[2]!.toTerraform()).toHaveProperty("data.terraform_remote_state");
  });

  test("with aspects that change what was prepared", () => {
    const { stacks } = synthesized(
      (app) => new Environment(app, definition()),
      ({ cluster }) =>
        Aspects.of(cluster).add({
          visit: (node: IConstruct) => {
            if (TerraformResource.isTerraformResource(node)) node.addOverride("provider", "google.other");
          },
        }),
    );
    for (const stack of stacks)
      stack.synthesizer.synthesize({ outdir, skipValidation: true, manifest: App.of(stack).manifest });
    expectSame(stacks);
    expect(JSON.stringify(stacks[0]!.toTerraform())).toContain("google.other");
  });
});
