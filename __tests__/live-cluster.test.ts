import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Dataplane } from "../lib/dataplane";
import { GoogleClient } from "../lib/doctor";
import { type LiveCluster, leftovers } from "../scripts/live/google";
import { brokenPromises } from "../scripts/live/promises";
import { dataplanes, definition } from "./support/definition";

describe("what a cluster is not as its dataplane needs it", () => {
  const free = definition({ dataplane: Dataplane.kubeProxyFree(), nodePools: [{ name: "a", maxNodes: 3 }] });
  const taint = { key: free.dataplane.startupTaint?.key ?? "" };
  const as = (changes: Partial<LiveCluster> = {}): LiveCluster => ({
    currentMasterVersion: "1.34.1",
    networkConfig: { defaultSnatStatus: { disabled: true } },
    nodePools: [{ name: "a-0f3c", config: { taints: [taint] } }],
    ...changes,
  });

  test("is nothing where it is", () => expect(brokenPromises(free, as())).toEqual([]));

  test.each<[string, Partial<LiveCluster>]>([
    [
      "the datapath is ADVANCED_DATAPATH",
      { networkConfig: { datapathProvider: "ADVANCED_DATAPATH", defaultSnatStatus: { disabled: true } } },
    ],
    ["GKE's own source NAT, off, is false", { networkConfig: {} }],
    ["GKE's Calico, on, is true", { networkPolicy: { enabled: true } }],
    ["there is no node pool a", { nodePools: [] }],
    ["node pool a-0f3c has no startup taint", { nodePools: [{ name: "a-0f3c" }] }],
  ])("is told: %s", (text, changes) => {
    const broken = brokenPromises(free, as(changes));
    expect(broken).toHaveLength(1);
    expect(broken[0]).toContain(text);
  });

  test("is other for each dataplane", () => {
    const legacy = as({ nodePools: [{ name: "a", config: { taints: [taint] } }] });
    const broken = Object.values(dataplanes).map((dataplane) =>
      brokenPromises(definition({ dataplane: dataplane(), nodePools: [{ name: "a", maxNodes: 3 }] }), legacy),
    );
    expect(new Set(broken.map(String)).size).toBe(Object.keys(dataplanes).length);
  });
});

describe("what is left in a project", () => {
  const answers: Record<string, unknown> = {
    "/container/v1/projects/p/locations/europe-west4-a/clusters": { clusters: [{ name: "theirs" }] },
    "/compute/projects/p/global/networks": { items: [{ name: "theirs" }], nextPageToken: "a b" },
    "/compute/projects/p/global/networks?pageToken=a%20b": { items: [{ name: "live-ab12" }] },
    "/compute/projects/p/aggregated/disks": {
      items: {
        "zones/europe-west4-a": { disks: [{ name: "pvc-1", labels: { "goog-k8s-cluster-name": "live-ab12" } }] },
        "zones/europe-west4-b": { disks: [{ name: "pvc-2", labels: { "goog-k8s-cluster-name": "theirs" } }] },
        "regions/europe-west4": {},
      },
    },
    "/iam/projects/p/serviceAccounts": { accounts: [{ email: "live-ab12-nodes@p" }, { email: "theirs-nodes@p" }] },
    "/crm/projects/p:getIamPolicy": {
      bindings: [{ role: "roles/x", members: ["deleted:serviceAccount:live-ab12-nodes@p?uid=1", "user:me"] }],
    },
  };
  let server: Server;
  beforeAll(async () => {
    server = createServer(({ url = "" }, response) => response.end(JSON.stringify(answers[url] ?? {})));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  test("is found on every page, by name and by GKE's label, and nothing of others", async () => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const google = new GoogleClient("token", {
      GOOGLE_CONTAINER_CUSTOM_ENDPOINT: `${base}/container/`,
      GOOGLE_COMPUTE_CUSTOM_ENDPOINT: `${base}/compute/`,
      GOOGLE_IAM_CUSTOM_ENDPOINT: `${base}/iam/`,
      GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: `${base}/crm/`,
    });
    expect(await leftovers(google, { name: "live-ab12", project: "p", location: "europe-west4-a" })).toEqual([
      "network live-ab12",
      "disk pvc-1",
      "service account live-ab12-nodes@p",
      "role roles/x of deleted:serviceAccount:live-ab12-nodes@p?uid=1",
    ]);
  });
});
