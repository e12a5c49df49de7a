import { ciliumReleaseValues, resourceValues, valueAt } from "../../../lib/cilium";

const PROGRAMS = [
  "resources",
  "envoy.resources",
  "operator.resources",
  "hubble.relay.resources",
  "hubble.ui.backend.resources",
  "hubble.ui.frontend.resources",
  "certgen.resources",
];

describe("resources", () => {
  test.each(PROGRAMS)("%s: asks for processor and memory, and has a limit of memory only", (path) => {
    expect(valueAt(resourceValues(), path)).toEqual({
      requests: { cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+Mi$/) },
      limits: { memory: expect.stringMatching(/^\d+[MG]i$/) },
    });
  });

  test("are those of every release, and the author's values win", () => {
    const values = ciliumReleaseValues({ values: { resources: { requests: { memory: "1Gi" } } } });
    expect(valueAt(values, "resources.requests")).toEqual({ cpu: "100m", memory: "1Gi" });
    expect(valueAt(values, "updateStrategy.rollingUpdate.maxUnavailable")).toBe("10%");
  });

  test("a node's share fits the smallest machine that GKE is used with: e2-medium has 940m and 2.8 GB to give", () => {
    const everyNode = ["resources", "envoy.resources", "nodeinit.resources"].map((path) =>
      valueAt(resourceValues(), `${path}.requests`),
    ) as { cpu: string; memory: string }[];
    const sum = (of: (each: { cpu: string; memory: string }) => string) =>
      everyNode.reduce((total, each) => total + Number.parseInt(of(each), 10), 0);
    expect(sum(({ cpu }) => cpu)).toBeLessThanOrEqual(200);
    expect(sum(({ memory }) => memory)).toBeLessThanOrEqual(600);
  });
});
