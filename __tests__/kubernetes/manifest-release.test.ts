import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { App, ref, TerraformStack, Testing, Token } from "cdktf";
import { parseKnownValues } from "../../lib/helm";
import { type Manifest, ManifestRelease, type ManifestReleaseProps } from "../../lib/kubernetes";

const policy: Manifest = {
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name: "deny", namespace: "shop", annotations: { note: "{{ .Values.x }} ${y} %{z}" } },
  spec: { endpointSelector: {}, ingress: [{}] },
};

const props: ManifestReleaseProps = { name: "policies", namespace: "shop", manifests: [policy] };

function stackWith(...all: ManifestReleaseProps[]): TerraformStack {
  const stack = new TerraformStack(new App(), "networking");
  new HelmProvider(stack, "helm");
  all.forEach((each, index) => {
    new ManifestRelease(stack, `release-${index}`, each);
  });
  return stack;
}

const releases = (stack: TerraformStack): { [field: string]: unknown; values: string[]; chart: string }[] =>
  Object.values(JSON.parse(Testing.synth(stack)).resource.helm_release);

describe("ManifestRelease", () => {
  const [release] = releases(stackWith(props));

  test("is a release of the local chart that the next run adopts", () => {
    expect(release).toMatchObject({
      name: "policies",
      namespace: "shop",
      create_namespace: false,
      upgrade_install: true,
      wait: true,
      timeout: 300,
    });
    expect(release).not.toHaveProperty("repository");
    expect(release).not.toHaveProperty("take_ownership");
  });

  test("carries each object as it was written, under a key of its own", () => {
    expect(release?.values).toHaveLength(1);
    expect(parseKnownValues(release?.values[0] ?? "")).toEqual({
      manifests: { "CiliumNetworkPolicy.cilium.io/shop/deny": policy },
    });
  });

  test("names the chart by a relative path that exists once the stack is written", () => {
    expect(release?.chart).toMatch(/^\.\/assets\/manifests-chart\/[0-9A-F]+$/);
    const directory = Testing.fullSynth(stackWith(props));
    const chart = join(directory, "stacks", "networking", release?.chart ?? "");
    expect(existsSync(join(chart, "Chart.yaml"))).toBe(true);
    expect(existsSync(join(chart, "templates", "manifests.tpl"))).toBe(true);
    rmSync(directory, { recursive: true });
  });

  test("shares one copy of the chart in a stack", () => {
    const [a, b] = releases(stackWith(props, { ...props, name: "other" }));
    expect(a?.chart).toBe(b?.chart);
  });

  test("keeps objects with tokens readable but for the token", () => {
    const withToken = {
      ...policy,
      metadata: { name: "b" },
      spec: { id: Token.asString(ref("data.x.y.id")), a: 'say "hi"' },
    };
    const [release] = releases(stackWith({ ...props, manifests: [policy, withToken] }));
    expect(parseKnownValues(release?.values[0] ?? "")).toMatchObject({
      manifests: { "CiliumNetworkPolicy.cilium.io/b": { kind: "CiliumNetworkPolicy", spec: { a: 'say "hi"' } } },
    });
    expect(release?.values[1]).toBe(
      '${jsonencode({"manifests" = {"CiliumNetworkPolicy.cilium.io/b" = {"spec" = {"id" = data.x.y.id}}}})}',
    );
  });

  test("takes options through", () => {
    const options = { createNamespace: true, takeOwnership: true, wait: false, timeoutSeconds: 60 };
    expect(releases(stackWith({ ...props, ...options }))[0]).toMatchObject({
      create_namespace: true,
      take_ownership: true,
      wait: false,
      timeout: 60,
    });
  });

  test.each<[string, Partial<ManifestReleaseProps>, string]>([
    ["a name with capitals", { name: "Policies" }, "'name' (Policies) is not a name for a Helm release"],
    ["a name of 54 letters", { name: "a".repeat(54) }, "is not a name for a Helm release"],
    ["no object", { manifests: [] }, "'manifests' ([]) holds no object"],
    ["an object without a kind", { manifests: [{ ...policy, kind: "" }] }, `'manifests[0].kind' ("") is missing`],
    [
      "a quote beside a token",
      { manifests: [{ ...policy, spec: { a: `"${Token.asString(ref("data.x.y.id"))}"` } }] },
      "'manifests[0].spec.a' holds a quote",
    ],
  ])("refuses %s", (_what, over, message) => {
    expect(() => stackWith({ ...props, ...over })).toThrow(message);
  });

  test("reports every problem at once, before anything is declared", () => {
    const stack = new TerraformStack(new App(), "networking");
    const broken = {
      ...props,
      name: "A",
      manifests: [
        { ...policy, kind: "" },
        { ...policy, apiVersion: "" },
      ],
    };
    expect(() => new ManifestRelease(stack, "x", broken)).toThrow("3 problems:");
    expect(JSON.parse(Testing.synth(stack)).resource).toBeUndefined();
  });
});
