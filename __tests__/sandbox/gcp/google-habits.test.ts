import type { ServiceFirewall } from "../../../sandbox/gcp/hooks";
import { at, type JsonObject } from "../../../sandbox/gcp/json";
import {
  clusterRequest,
  makeCluster,
  makeNetwork,
  PROJECT,
  paths,
  REGION,
  start,
  stopAll,
  type TestCloud,
} from "./client";

afterEach(stopAll);

const DEV = `${paths.clusters}/dev`;
const POOL = `${DEV}/nodePools/default-pool`;

/** Names of the firewall rules in the network. */
async function firewalls({ ok }: TestCloud): Promise<string[]> {
  const list = (await ok("GET", paths.firewalls))["items"] as JsonObject[];
  return list.map(({ name }) => String(name).replace(/-[0-9a-f]{8}-/, "-H-")).sort();
}

// What beside refusals was found to differ from recorded traffic of Google's API.
describe("as Google does", () => {
  test("a size that is set by hand becomes the pool's initial size", async () => {
    const { ok, ...cloud } = await start();
    await makeCluster({ ok, ...cloud });
    await ok("POST", `${POOL}:setSize`, { nodeCount: 2 });
    expect(await ok("GET", POOL)).toMatchObject({ initialNodeCount: 2 });
  });

  test("the nodes reach Google's services privately, whatever the subnetwork said", async () => {
    const cloud = await start();
    await makeNetwork(cloud);
    await cloud.ok("POST", `${paths.subnetworks}/nodes/setPrivateIpGoogleAccess`, { privateIpGoogleAccess: false });
    const before = await cloud.ok("GET", `${paths.subnetworks}/nodes`);
    await cloud.ok("POST", paths.clusters, { cluster: clusterRequest() });
    const after = await cloud.ok("GET", `${paths.subnetworks}/nodes`);
    expect([before["privateIpGoogleAccess"], after["privateIpGoogleAccess"]]).toEqual([false, true]);
    expect(after["fingerprint"]).not.toBe(before["fingerprint"]);
  });

  test("a cluster has firewall rules of its own, which hold the network and go with the cluster", async () => {
    // https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules#cluster-fws
    const cloud = await start();
    await makeCluster(cloud);
    expect(await firewalls(cloud)).toEqual([
      "gke-dev-H-all",
      "gke-dev-H-exkubelet",
      "gke-dev-H-inkubelet",
      "gke-dev-H-vms",
    ]);
    const all = ((await cloud.ok("GET", paths.firewalls))["items"] as JsonObject[])[0];
    expect(all).toMatchObject({
      sourceRanges: ["10.20.0.0/14"],
      targetTags: [expect.stringMatching(/^gke-dev-[0-9a-f]{8}-node$/)],
    });
    const { error } = await cloud.ok("DELETE", `${paths.networks}/main`);
    expect(at(error, "errors")).toMatchObject([{ code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE" }]);
    await cloud.ok("DELETE", DEV);
    expect(await firewalls(cloud)).toEqual([]);
  });

  test("firewall rules of Services that are left when the cluster goes hold the network", async () => {
    // Words of a public report: "The network resource … is already being used by … k8s-b3baa8b865bd5710-node-http-hc"
    const cloud = await start();
    await makeCluster(cloud);
    const identity = { project: PROJECT, location: REGION, name: "dev" };
    const rule = (name: string, service: string): ServiceFirewall => ({
      name,
      service,
      sourceRanges: ["0.0.0.0/0"],
      ports: [{ protocol: "tcp", port: 80 }],
    });
    const shared = rule("k8s-b3baa8b865bd5710-node-http-hc", "");
    await cloud.simulator.setServiceFirewalls(identity, [
      rule("k8s-fw-a1", "web/front"),
      rule("k8s-fw-a2", "web/back"),
      shared,
    ]);
    await cloud.simulator.setServiceFirewalls(identity, [rule("k8s-fw-a1", "web/front"), shared]);
    expect(await cloud.ok("GET", `${paths.firewalls}/k8s-fw-a1`)).toMatchObject({
      allowed: [{ IPProtocol: "tcp", ports: ["80"] }],
      description: '{"kubernetes.io/service-name":"web/front"}',
    });
    await cloud.ok("DELETE", DEV);
    expect(await firewalls(cloud)).toEqual(["k8s-b3baa8b865bd5710-node-http-hc", "k8s-fw-a1"]);
    await cloud.ok("DELETE", `${paths.subnetworks}/nodes`);
    await cloud.ok("DELETE", `${paths.firewalls}/k8s-fw-a1`);
    const { error } = await cloud.ok("DELETE", `${paths.networks}/main`);
    const message = `The network resource 'projects/${PROJECT}/global/networks/main' is already being used by 'projects/${PROJECT}/global/firewalls/${shared.name}'`;
    expect(at(error, "errors")).toEqual([{ code: "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE", message }]);
  });

  test("a range for the control plane is a subnetwork while the cluster lives", async () => {
    const cloud = await start();
    const cluster = await makeCluster(cloud, {
      privateClusterConfig: { enablePrivateNodes: true, masterIpv4CidrBlock: "172.16.0.0/28" },
    });
    const link = String(at(cluster, "privateClusterConfig.privateEndpointSubnetwork"));
    expect(link).toMatch(/^projects\/acme-dev\/regions\/asia-northeast1\/subnetworks\/gke-dev-[0-9a-f]{8}-pe-subnet$/);
    expect(await cloud.ok("GET", `/compute/v1/${link}`)).toMatchObject({ ipCidrRange: "172.16.0.0/28" });
    await cloud.ok("DELETE", DEV);
    expect((await cloud.call("GET", `/compute/v1/${link}`)).status).toBe(404);
  });

  test("links to Compute Engine are shown from the project on", async () => {
    const cloud = await start();
    const link = `projects/${PROJECT}/regions/${REGION}/subnetworks/nodes`;
    const cluster = await makeCluster(cloud, {
      controlPlaneEndpointsConfig: {
        ipEndpointsConfig: {
          enabled: true,
          privateEndpointSubnetwork: `https://www.googleapis.com/compute/v1/${link}`,
        },
      },
    });
    expect(at(cluster, "controlPlaneEndpointsConfig.ipEndpointsConfig.privateEndpointSubnetwork")).toBe(link);
  });

  test("new taints of a pool are an upgrade of its nodes, which stay", async () => {
    const cloud = await start();
    await makeCluster(cloud);
    const taints = { taints: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }] };
    expect(await cloud.ok("PUT", POOL, { taints })).toMatchObject({ operationType: "UPGRADE_NODES" });
  });

  test.each([
    ["1.33", "HPA_PROFILE_UNSPECIFIED", undefined, "ENABLED", "ENCRYPTED"],
    ["1.34", "PERFORMANCE", { enabled: true }, "ENABLED", "ENCRYPTED"],
    ["1.35", "PERFORMANCE", { enabled: true }, "LIMITED", "ALL_OBJECTS_ENCRYPTION_ENABLED"],
  ])(
    "what a new cluster gets depends on its version: %s",
    async (initialClusterVersion, hpaProfile, dnsCacheConfig, mode, state) => {
      const cloud = await start();
      const ring = `projects/${PROJECT}/locations/${REGION}/keyRings/gke`;
      const keyName = `${ring}/cryptoKeys/secrets`;
      await cloud.ok("POST", `/kms/v1/projects/${PROJECT}/locations/${REGION}/keyRings?keyRingId=gke`, {});
      await cloud.ok("POST", `/kms/v1/${ring}/cryptoKeys?cryptoKeyId=secrets`, { purpose: "ENCRYPT_DECRYPT" });
      const number = cloud.simulator.projects()[0]!.number;
      const member = `serviceAccount:service-${number}@container-engine-robot.iam.gserviceaccount.com`;
      await cloud.ok("POST", `/kms/v1/${keyName}:setIamPolicy`, {
        policy: { bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: [member] }] },
      });
      const cluster = await makeCluster(cloud, {
        initialClusterVersion,
        databaseEncryption: { state: "ENCRYPTED", keyName },
      });
      expect(cluster).toMatchObject({
        podAutoscaling: { hpaProfile },
        anonymousAuthenticationConfig: { mode },
        databaseEncryption: { state, currentState: `CURRENT_STATE_${state}`, keyName },
      });
      expect(at(cluster, "addonsConfig.dnsCacheConfig")).toEqual(dnsCacheConfig);
    },
  );

  test("a zone without machines leaves a pool with those of the others, and an error", async () => {
    // tranquilitybase-io/tb-gcp#589, hashicorp/terraform-provider-google#10823
    const cloud = await start();
    await makeCluster(cloud, { locations: [`${REGION}-a`, `${REGION}-b`] });
    await cloud.ok("POST", "/_sandbox/faults", { preset: "zoneStockout", method: "POST", path: "/nodePools$" });
    const operation = await cloud.ok("POST", `${DEV}/nodePools`, { nodePool: { name: "p", initialNodeCount: 2 } });
    expect(operation["statusMessage"]).toMatch(
      /\[GCE_STOCKOUT\]: Instance 'gke-dev-p-\w+-\w+' creation failed: The zone 'projects\/acme-dev\/zones\/asia-northeast1-b' does not have enough resources available to fulfill the request\./,
    );
    const pool = await cloud.ok("GET", `${DEV}/nodePools/p`);
    expect(pool).toMatchObject({ status: "RUNNING_WITH_ERROR", statusMessage: operation["statusMessage"] });
    expect(await cloud.ok("GET", DEV)).toMatchObject({ currentNodeCount: 4 });
    await cloud.ok("POST", `${DEV}/nodePools/p:setSize`, { nodeCount: 2 });
    expect(await cloud.ok("GET", DEV)).toMatchObject({ currentNodeCount: 6 });
  });
});
