import { App, TerraformStack, Testing } from "cdktf";
import { parseKnownValues } from "../../lib/helm";
import {
  NetworkLogging,
  type NetworkLoggingOptions,
  networkLoggingManifest,
  networkLoggingProblems,
} from "../../lib/policy";

describe("networkLoggingManifest", () => {
  test("is the one object GKE reads, which stays in the cluster", () => {
    expect(networkLoggingManifest()).toMatchObject({
      apiVersion: "networking.gke.io/v1alpha1",
      kind: "NetworkLogging",
      metadata: { name: "default", annotations: { "helm.sh/resource-policy": "keep" } },
    });
  });

  test.each<[NetworkLoggingOptions, unknown]>([
    [{}, { allow: { log: false, delegate: false }, deny: { log: false, delegate: false } }],
    [{ deny: { log: true } }, { allow: { log: false, delegate: false }, deny: { log: true, delegate: false } }],
    [
      { allow: { log: true, delegate: true }, deny: { log: true } },
      { allow: { log: true, delegate: true }, deny: { log: true, delegate: false } },
    ],
  ])("%j logs %j", (options, cluster) => {
    expect(networkLoggingManifest(options)["spec"]).toEqual({ cluster });
  });
});

describe("networkLoggingProblems", () => {
  test.each<[NetworkLoggingOptions, string[]]>([
    [{}, []],
    [{ allow: { log: true, delegate: true } }, []],
    [{ allow: { delegate: true }, deny: { log: false, delegate: true } }, ["allow.delegate", "deny.delegate"]],
  ])("%j gives %j", (options, properties) => {
    expect(networkLoggingProblems(options).map(({ property }) => property)).toEqual(properties);
  });
});

describe("NetworkLogging", () => {
  test("takes over the object that GKE made", () => {
    const stack = new TerraformStack(new App(), "networking");
    new NetworkLogging(stack, "network-logging", { deny: { log: true } });
    const [release] = Object.values(JSON.parse(Testing.synth(stack)).resource.helm_release) as [
      { take_ownership: boolean; values: string[] },
    ];
    expect(release.take_ownership).toBe(true);
    expect(parseKnownValues(release.values[0] ?? "")).toEqual({
      manifests: { "NetworkLogging.networking.gke.io/default": networkLoggingManifest({ deny: { log: true } }) },
    });
  });

  test("refuses what GKE would ignore", () => {
    const stack = new TerraformStack(new App(), "networking");
    expect(() => new NetworkLogging(stack, "x", { allow: { delegate: true } })).toThrow(
      "networking/x: 'allow.delegate' (true) narrows down a log that is off; set allow.log to true",
    );
  });
});
