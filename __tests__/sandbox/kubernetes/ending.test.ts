import { addonObjects, addonsOf, applyDefinitions, reconcileAddons } from "../../../sandbox/kubernetes/addons";
import type { KubernetesClient, KubernetesObject } from "../../../sandbox/kubernetes/client";
import { cluster } from "./fixtures";

/** An API server in which objects of one path are on their way out for the first few looks. */
function ending(path: RegExp, looks: number, objects: readonly KubernetesObject[] = []) {
  const calls: string[] = [];
  const client = {
    find: async (at: string) => {
      calls.push(`find ${at}`);
      const served = at.match(/^\/apis?\/([\w./]+)$/)?.[1];
      const kinds = objects.filter(({ apiVersion }) => apiVersion === served).map(({ kind = "" }) => kind);
      if (kinds.length > 0)
        return {
          resources: kinds.map((kind) => ({
            kind,
            name: `${kind.toLowerCase()}s`,
            namespaced: kind !== "Namespace",
          })),
        };
      return path.test(at) && looks-- > 0 ? { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } } : undefined;
    },
    apply: async (at: string, { metadata }: KubernetesObject) => {
      calls.push(`apply ${at}`);
      return { metadata, status: { conditions: [{ type: "Established", status: "True" }] } };
    },
    create: async (at: string) => calls.push(`create ${at}`),
  };
  const of = (text: string) => calls.filter((call) => call.includes(text));
  return { client: client as unknown as KubernetesClient, of };
}

const RELAY = {
  networkConfig: { datapathProvider: "ADVANCED_DATAPATH" },
  monitoringConfig: { advancedDatapathObservabilityConfig: { enableRelay: true } },
};

test("what is switched on again waits for the namespace that switching it off deleted", async () => {
  const view = cluster({ resource: RELAY });
  const objects = addonsOf(view).flatMap((name) => addonObjects(name, view, []));
  const { client, of } = ending(/dpv2-observability$/, 3, objects);
  await reconcileAddons(client, view, [], ["core", "dataplane-v2"]);
  const calls = of("/namespaces/gke-managed-dpv2-observability");
  expect(calls.slice(0, 5).map((call) => call.split(" ")[0])).toEqual(["find", "find", "find", "find", "apply"]);
});

test("a definition that is on its way out is waited for, too", async () => {
  const { client, of } = ending(/widgets/, 2);
  await applyDefinitions(client, [{ kind: "CustomResourceDefinition", metadata: { name: "widgets" } }]);
  expect(of("widgets").map((call) => call.split(" ")[0])).toEqual(["find", "find", "find", "apply"]);
});
