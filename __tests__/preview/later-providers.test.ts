import { ProviderSchema } from "../../lib/facts/providers/schema";
import { PROVIDER_VERSIONS } from "../../lib/facts/providers/versions";
import { Secrets } from "../../lib/preview/diff/secrets";
import { readOffline } from "../../lib/preview/readers/offline";
import { readTemplate } from "../../lib/preview/readers/template";
import { notesOf } from "../../lib/preview/report/notes";

type Block = Readonly<Record<string, unknown>>;

/** What becomes of one resource whose attributes change, with these versions of the google provider. */
function change(type: string, before: Block, after: Block, versions: readonly [string, string]) {
  const secrets = new Secrets();
  const [base, head] = [before, after].map((config, index) =>
    readTemplate(
      {
        terraform: { required_providers: { google: { source: "google", version: versions[index] } } },
        resource: { [type]: { it: { name: "it", ...config } } },
      },
      secrets,
    ),
  );
  const stack = readOffline(base, head, { name: "dev-cluster", dependencies: [], annotations: [], secrets });
  const found = stack.resources.find(({ address }) => address === `${type}.it`);
  return { action: found?.action, notes: notesOf(stack) };
}

const [newest = ""] = PROVIDER_VERSIONS.google.tried;
const PRIVATE = (enabled: boolean): Block => ({ private_cluster_config: [{ enable_private_nodes: enabled }] });

test("the tables of a later major are of the version that is deployed with", () => {
  const [kubernetes = ""] = PROVIDER_VERSIONS.kubernetes.tried;
  expect(ProviderSchema.of({ kubernetes }).versions).toEqual({ ...ProviderSchema.load().versions, kubernetes });
  const both = ProviderSchema.of({ google: newest, kubernetes });
  expect(both.versions).toMatchObject({ google: newest, kubernetes });
  expect(both.attribute("kubernetes_job_v1", "spec.template.spec.container.restart_policy").forcesReplacement).toBe(
    true,
  );
  expect(ProviderSchema.of({ google: newest }).versions).toEqual({ ...ProviderSchema.load().versions, google: newest });
});

test.each<[type: string, before: Block, after: Block, version: string, action: string]>([
  ["google_container_cluster", PRIVATE(true), PRIVATE(false), "6.50.0", "replace"],
  ["google_container_cluster", PRIVATE(true), PRIVATE(false), "7.45.0", "update"],
  ["google_container_cluster", PRIVATE(true), PRIVATE(false), "~> 7.40", "update"],
  ["google_container_cluster", { datapath_provider: "a" }, { datapath_provider: "b" }, "7.45.0", "replace"],
  ["google_compute_router", { ncc_gateway: "a" }, { ncc_gateway: "b" }, "7.45.0", "replace"],
  ["google_compute_network", { enable_ula_internal_ipv6: true }, {}, "6.50.0", "replace"],
  ["google_compute_network", { enable_ula_internal_ipv6: true }, {}, "7.45.0", "update"],
  // Kept by the provider from 7 on, where 6.50 has a default of its own.
  ["google_container_cluster", { enable_l4_ilb_subsetting: true }, {}, "6.50.0", "replace"],
  ["google_container_cluster", { enable_l4_ilb_subsetting: true }, {}, "7.45.0", "configure"],
])("%s %j to %j with google %s: %s", (type, before, after, version, action) => {
  expect(change(type, before, after, [version, version]).action).toBe(action);
});

test("the provider that will make the change decides, not the one that made the object", () => {
  expect(change("google_container_cluster", PRIVATE(true), PRIVATE(false), ["6.50.0", "7.45.0"]).action).toBe("update");
  expect(change("google_container_cluster", PRIVATE(true), PRIVATE(false), ["7.45.0", "6.50.0"]).action).toBe(
    "replace",
  );
});

test("a version that the tables are not of is told, with the one they are of", () => {
  const notes = (version: string) => change("google_compute_network", { x: 1 }, { x: 2 }, [version, version]).notes;
  expect(notes("7.45.0")).toEqual([]);
  expect(notes("7.12.0")).toEqual(["What forces a replacement is tabled for google 7.45.0; this stack uses 7.12.0."]);
  expect(notes("8.5.0")).toEqual(["What forces a replacement is tabled for google 6.50.0; this stack uses 8.5.0."]);
});
