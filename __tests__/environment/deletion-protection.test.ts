import { synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

const guardOf = (stack: { readonly resource?: Readonly<Record<string, unknown>> } | undefined) =>
  (stack?.resource?.["terraform_data"] as Record<string, unknown> | undefined)?.["deletion-protection"];

describe("a protected environment", () => {
  const stacks = synthEnvironment(definition());

  test("refuses to be destroyed in every plan, that of its last stack first of all", () => {
    for (const layer of ["networking", "monitoring"])
      expect(guardOf(stacks[`staging-${layer}`])).toEqual({ lifecycle: { prevent_destroy: true } });
    expect(stacks["staging-cluster"]?.resource?.["google_container_cluster"]).toMatchObject({
      cluster: { lifecycle: { prevent_destroy: true } },
    });
  });
});

test("an environment without protection can be destroyed", () => {
  const stacks = synthEnvironment(definition({ cluster: { deletionProtection: false } }));
  for (const stack of Object.values(stacks)) expect(guardOf(stack)).toBeUndefined();
});
