import { CiliumVersion, ciliumValueProblems } from "../../lib/cilium";
import { Dataplane, type DataplaneV2Options } from "../../lib/dataplane";
import { managedHubbleUiValues } from "../../lib/dataplane/managed-hubble-ui";
import { describeEnvironment } from "../../lib/environment";
import { synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

const problems = (options: DataplaneV2Options, more: object = {}) =>
  describeEnvironment(definition({ dataplane: Dataplane.v2(options), ...more })).problems;
const UI = { flowRelay: true, hubbleUi: {} };

test("the UI is a release in the namespace of GKE's relay, and nothing of Cilium comes along", () => {
  const dataplane = Dataplane.v2({ ...UI, hubbleUi: { imageRegistry: "mirror.example.com/cilium" } });
  const stack = synthEnvironment(definition({ dataplane }))["staging-networking"];
  const releases = (stack?.resource["helm_release"] ?? {}) as Record<string, Record<string, unknown>>;
  const release = releases["hubble-ui"] ?? {};
  expect(release).toMatchObject({
    name: "hubble-ui",
    namespace: "gke-managed-dpv2-observability",
    version: CiliumVersion.DEFAULT.toString(),
  });
  expect(release).not.toHaveProperty("create_namespace");
  const [values] = release["values"] as [Record<string, unknown>];
  expect(values).toMatchObject({
    agent: false,
    operator: { enabled: false },
    envoy: { enabled: false },
    hubble: {
      ui: { backend: { image: { repository: "mirror.example.com/cilium/hubble-ui-backend" } } },
      relay: { tls: { server: { relayName: "relay.gke-managed-dpv2-observability.svc.cluster.local" } } },
    },
  });
});

test("its values are the chart's in every minor", () => {
  for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])
    expect(ciliumValueProblems(managedHubbleUiValues(), version, (path) => path)).toEqual([]);
});

test("it is refused without the relay, on Autopilot and with options that are none", () => {
  expect(problems(UI)).toEqual([]);
  expect(problems({ hubbleUi: {} })).toEqual([expect.stringContaining("'dataplane.hubbleUi' has no relay to ask")]);
  expect(problems(UI, { cluster: { autopilot: true }, nodePools: undefined })).toEqual([
    expect.stringContaining("where Autopilot lets nobody but Google write"),
  ]);
  expect(problems({ flowRelay: true, hubbleUi: { versoin: "1.20.2" } as never })).toEqual([
    expect.stringContaining("did you mean version?"),
  ]);
});
