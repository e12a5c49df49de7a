import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdoptContext, adoptCommand } from "../../lib/adopt/command";
import { environmentVariables } from "../../sandbox/gcp/environment";
import { SANDBOX_ACCESS_TOKEN } from "../../sandbox/gcp/options";
import { PROJECT, REGION, start, stopAll } from "../sandbox/gcp/client";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "adopt-"));
});
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  await stopAll();
});

/** A cluster with Dataplane V2 in a VPC of somebody else's, with two pools. */
async function cloud(changes: object = {}) {
  const { url, ok } = await start();
  const compute = `/compute/v1/projects/${PROJECT}`;
  await ok("POST", `${compute}/global/networks`, { name: "corp", autoCreateSubnetworks: false });
  await ok("POST", `${compute}/regions/${REGION}/subnetworks`, {
    name: "corp-gke",
    network: `projects/${PROJECT}/global/networks/corp`,
    ipCidrRange: "10.80.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.84.0.0/16" },
      { rangeName: "services", ipCidrRange: "10.88.0.0/20" },
    ],
  });
  await ok("POST", `/container/v1/projects/${PROJECT}/locations/${REGION}/clusters`, {
    cluster: {
      name: "legacy-1",
      network: `projects/${PROJECT}/global/networks/corp`,
      subnetwork: `projects/${PROJECT}/regions/${REGION}/subnetworks/corp-gke`,
      ipAllocationPolicy: {
        useIpAliases: true,
        clusterSecondaryRangeName: "pods",
        servicesSecondaryRangeName: "services",
      },
      networkConfig: { datapathProvider: "ADVANCED_DATAPATH" },
      releaseChannel: { channel: "STABLE" },
      resourceLabels: { team: "payments" },
      nodePools: [
        {
          name: "default-pool",
          initialNodeCount: 2,
          config: {
            machineType: "n2-standard-4",
            diskSizeGb: 50,
            taints: [{ key: "a", value: "b", effect: "NO_SCHEDULE" }],
          },
        },
        { name: "batch", autoscaling: { enabled: true, maxNodeCount: 3 }, config: { spot: true } },
      ],
      ...changes,
    },
  });
  return { variables: { ...environmentVariables(url), GOOGLE_OAUTH_ACCESS_TOKEN: SANDBOX_ACCESS_TOKEN } };
}

async function run(context: Partial<AdoptContext>, ...args: readonly string[]) {
  let printed = "";
  let warned = "";
  const code = await adoptCommand(args, {
    workingDirectory: directory,
    variables: {},
    run: () => undefined,
    print: (text) => {
      printed += text;
    },
    warn: (text) => {
      warned += text;
    },
    ...context,
  });
  return { code, printed, warned };
}

const SUBJECT = ["--project", PROJECT, "--location", REGION, "--cluster", "legacy-1", "--no-plan"];

test("a cluster becomes a definition by reference to its network, and a list of what is imported", async () => {
  const { warned, code } = await run(
    await cloud(),
    ...SUBJECT,
    "--environment",
    "corp",
    "--state-bucket",
    "acme-states",
  );
  expect(warned).toBe("");
  expect(code).toBe(0);
  expect(readFileSync(join(directory, "environments/corp.ts"), "utf8")).toMatchSnapshot();
  expect(readFileSync(join(directory, "environments/corp.adopted.ts"), "utf8")).toMatchSnapshot();
});

test("files that exist are left alone, unless --force says otherwise", async () => {
  const context = await cloud();
  expect((await run(context, ...SUBJECT, "--environment", "corp")).code).toBe(0);
  writeFileSync(join(directory, "environments/corp.ts"), "mine");
  const again = await run(context, ...SUBJECT, "--environment", "corp");
  expect([again.code, again.warned]).toEqual([
    1,
    "gke-cilium adopt: environments/corp.ts and environments/corp.adopted.ts exist already; move them away, or say --force\n",
  ]);
  expect(readFileSync(join(directory, "environments/corp.ts"), "utf8")).toBe("mine");
  expect((await run(context, ...SUBJECT, "--environment", "corp", "--force")).code).toBe(0);
  expect(readFileSync(join(directory, "environments/corp.ts"), "utf8")).toContain("defineEnvironment");
});

test.each([
  [["--project", PROJECT], "--location, --cluster must be given; --help has the rest"],
  [[...SUBJECT, "--dataplane", "calico"], "--dataplane calico is neither kube-proxy-free nor cni-chaining"],
  [
    SUBJECT.map((each) => (each === "legacy-1" ? "gone" : each)),
    "gcloud container clusters list shows which clusters there are",
  ],
])("%j is answered with what to do", async (args, words) => {
  const { code, warned } = await run(await cloud(), ...args);
  expect(code).toBe(1);
  expect(warned).toContain(words);
});

test("without a login nothing is asked", async () => {
  const { code, warned } = await run({}, ...SUBJECT);
  expect([code, warned]).toEqual([
    1,
    "gke-cilium adopt: gcloud has no application default credentials; gcloud auth application-default login\n",
  ]);
});
