import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { CiliumRelease, type CiliumReleaseProps, CiliumVersion, parseKnownValues } from "../../lib/cilium";
import { testApp } from "../support/app";

function synth(props: CiliumReleaseProps) {
  const stack = new TerraformStack(testApp(), "networking");
  new HelmProvider(stack, "helm");
  new CiliumRelease(stack, "cilium", props);
  const { helm_release, terraform_data } = JSON.parse(Testing.synth(stack)).resource;
  const { values, lifecycle } = helm_release.cilium;
  return {
    memory: Object.values(terraform_data as Record<string, Record<string, unknown>>)[0]!,
    known: parseKnownValues(values[0]),
    tokens: values[1],
    lifecycle,
  };
}

/** Evaluates a condition of ours with the remembered minor in place: numbers, comparisons, and, or. */
function holds(condition: string, remembered: string): boolean {
  const [major = "", minor = ""] = remembered.split(".");
  const expression = condition
    .replace(/^\$\{|\}$/g, "")
    .replaceAll(/tonumber\(split\("\.", [\w.-]+\)\[(\d)\]\)/g, (_, part) => (part === "0" ? major : minor));
  expect(expression).toMatch(/^[\d<>=&|() ]+$/);
  return new Function(`return ${expression}`)() as boolean;
}

describe("the minor that was installed first", () => {
  test("is remembered by the state, whatever version follows", () => {
    const { memory, known, tokens } = synth({ version: CiliumVersion.V1_19 });
    expect(memory).toMatchObject({ input: { minor: "1.19" }, lifecycle: { ignore_changes: ["input"] } });
    expect(known).not.toHaveProperty("upgradeCompatibility");
    expect(tokens).toMatch(
      /^\$\{jsonencode\(\{"upgradeCompatibility" = terraform_data\.cilium_first-minor_\w+\.output\.minor\}\)\}$/,
    );
  });

  test.each<[string, CiliumReleaseProps]>([
    ["the option", { upgradeCompatibility: "1.18" }],
    ["the chart's own key", { values: { upgradeCompatibility: "1.18" } }],
    ["the key where both are written", { upgradeCompatibility: "1.19", values: { upgradeCompatibility: "1.18" } }],
  ])("is what the author says: %s", (_, props) => {
    const { memory, known, tokens, lifecycle } = synth(props);
    expect(memory["input"]).toEqual({ minor: "1.18" });
    expect(known["upgradeCompatibility"]).toBe("1.18");
    expect(tokens).toBeUndefined();
    expect(lifecycle?.precondition).toBeUndefined();
  });

  test("is the oldest that the plan lets come back", () => {
    const [precondition] = synth({ version: CiliumVersion.V1_19 }).lifecycle.precondition;
    const passes = (remembered: string) => holds(precondition.condition, remembered);
    expect([passes("1.9"), passes("1.18"), passes("1.19"), passes("0.30")]).toEqual([true, true, true, true]);
    expect([passes("1.20"), passes("1.100"), passes("2.0")]).toEqual([false, false, false]);
    expect(precondition.error_message).toMatch(
      /^Cilium began on this cluster with \$\{terraform_data\.cilium_first-minor_\w+\.output\.minor\} and cannot go back to 1\.19\.7.*upgradeCompatibility/,
    );
  });
});
