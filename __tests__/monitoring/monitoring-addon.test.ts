import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformStack } from "cdktf";
import { CiliumRelease, CiliumVersion } from "../../lib/cilium";
import { Telemetry } from "../../lib/dataplane";
import { ClusterConnection } from "../../lib/gke";
import { Monitoring, MonitoringAddon, type MonitoringAddonProps } from "../../lib/monitoring";
import { synthStacks } from "../../lib/testing";

/** A stack on a cluster that is none of ours. */
function stackWith(add: (stack: TerraformStack, connection: ClusterConnection) => Partial<MonitoringAddonProps>) {
  let addon: MonitoringAddon | undefined;
  const stack = synthStacks((app) => {
    const scope = new TerraformStack(app, "theirs");
    new GoogleProvider(scope, "google", { project: "acme-theirs" });
    const connection = new ClusterConnection(scope, "connection", {
      project: "acme-theirs",
      location: "europe-west1",
      clusterName: "theirs",
    });
    addon = new MonitoringAddon(scope, "monitoring", {
      connection,
      telemetry: Telemetry.dataplaneV2(),
      ...add(scope, connection),
    });
  })["theirs"];
  if (stack === undefined || addon === undefined) throw new Error("nothing was synthesized");
  return { stack, addon, text: JSON.stringify(stack) };
}

test("a release of the same app is scraped as its values say", () => {
  const { addon, text } = stackWith((scope, connection) => ({
    telemetry: Telemetry.cilium(
      new CiliumRelease(scope, "cilium", {
        baseValues: { prometheus: { enabled: true, port: 9999 } },
        provider: connection.helmProvider,
      }),
    ),
  }));
  expect(addon.monitoring.kind).toBe("prometheus");
  expect(addon.parts.scrape).toBeDefined();
  expect(text).toContain("PodMonitor");
  expect(text).toContain("theirs");
});

test("somebody else's release is known by its version and values", () => {
  const telemetry = Telemetry.cilium({ version: CiliumVersion.V1_19, values: { prometheus: { enabled: true } } });
  expect(telemetry.ciliumVersion).toBe(CiliumVersion.V1_19.toString());
  expect(telemetry.endpoints.map(({ component }) => component)).toContain("cilium-agent");
  expect(
    Telemetry.cilium({ values: { prometheus: { enabled: false } } }).endpoints.map(({ component }) => component),
  ).not.toContain("cilium-agent");
});

test("Dataplane V2 with Google's own monitoring, named as the cluster unless told otherwise", () => {
  const monitoring = Monitoring.managedPrometheus();
  const { addon, text } = stackWith(() => ({ monitoring }));
  expect(addon.parts.alertPolicies.length).toBeGreaterThan(0);
  expect(text).toContain("theirs: ");
  expect(stackWith(() => ({ monitoring, environment: "shop" })).text).toContain("shop: ");
});

test("two installs stand in one stack", () => {
  const { stack } = stackWith((scope, connection) => {
    new MonitoringAddon(scope, "second", {
      connection,
      telemetry: Telemetry.dataplaneV2(),
      monitoring: Monitoring.prometheus({ namespace: "second" }),
    });
    return {};
  });
  expect(Object.keys(stack.resource["kubernetes_namespace_v1"] ?? {})).toHaveLength(2);
});

test("what is wrong is told before anything is declared", () => {
  expect(() => stackWith(() => ({ monitoring: Monitoring.prometheus({ namespace: "Not A Name" }) }))).toThrow(
    "'namespace' (Not A Name)",
  );
});

describe("two addons in one stack", () => {
  const second = (namespace: string) =>
    stackWith((scope, connection) => {
      new MonitoringAddon(scope, "second", {
        connection,
        telemetry: Telemetry.dataplaneV2(),
        monitoring: Monitoring.prometheus({ namespace }),
      });
      return { monitoring: Monitoring.prometheus({ namespace: "first" }) };
    });

  test("work in namespaces of their own", () => {
    expect(Object.keys(second("second").stack.resource["kubernetes_namespace_v1"] ?? {})).toHaveLength(2);
  });

  test("are refused in one namespace, by name", () => {
    expect(() => second("first")).toThrow(/'monitoring.namespace' is that of theirs\/(second|monitoring)/);
  });
});
