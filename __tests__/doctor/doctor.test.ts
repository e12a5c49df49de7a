import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Testing } from "cdktf";
import { DEPLOYER_ROLES } from "../../lib/bootstrap";
import { type DoctorContext, doctorCommand, type Finding } from "../../lib/doctor";
import { Environment, type EnvironmentDefinition, StateBackend } from "../../lib/environment";
import { environmentVariables } from "../../sandbox/gcp/environment";
import { type GoogleCloudSimulatorOptions, SANDBOX_ACCESS_TOKEN } from "../../sandbox/gcp/options";
import { start, stopAll } from "../sandbox/gcp/client";
import { testApp } from "../support/app";
import { definition } from "../support/definition";
import { readPage } from "../support/page";

const PROJECT = "acme-staging";
const BUCKET = "acme-staging-terraform-state";
const TOOLS: Readonly<Record<string, string>> = {
  terraform: "Terraform v1.11.4\non linux_amd64\n",
  cdktf: "0.21.0\n",
  "gke-gcloud-auth-plugin": "Kubernetes v1.32.2+abc\n",
  gcloud: `${SANDBOX_ACCESS_TOKEN}\n`,
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "doctor-"));
});
const servers: Server[] = [];
afterEach(async () => {
  rmSync(directory, { recursive: true, force: true });
  for (const server of servers.splice(0)) server.close();
  await stopAll();
});

/** Writes what an environment needs as cdktf would. */
function synthesize(changes: Partial<EnvironmentDefinition> = {}): void {
  const environment = new Environment(
    testApp(),
    definition({ backend: StateBackend.gcs({ bucket: BUCKET }), ...changes }),
  );
  for (const stack of [environment.cluster, environment.networking, environment.monitoring]) {
    const file = join(directory, "cdktf.out/stacks", stack.node.id, "cdk.tf.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Testing.synth(stack));
  }
}

interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly warned: string;
  readonly findings: readonly Finding[];
}

async function run(context: Partial<DoctorContext>, ...args: readonly string[]): Promise<Outcome> {
  let printed = "";
  let warned = "";
  const code = await doctorCommand([...args], {
    workingDirectory: directory,
    variables: {},
    run: (program) => TOOLS[program],
    colours: false,
    print: (text) => {
      printed += text;
    },
    warn: (text) => {
      warned += text;
    },
    ...context,
  });
  return { code, printed, warned, findings: args.includes("--json") ? (JSON.parse(printed) as Finding[]) : [] };
}

async function cloud(options: GoogleCloudSimulatorOptions = {}) {
  const { url, ok } = await start({ projects: [PROJECT], ...options });
  const bucket = (more: object = { versioning: { enabled: true } }) =>
    ok("POST", `/storage/v1/b?project=${PROJECT}`, { name: BUCKET, location: "ASIA-NORTHEAST1", ...more });
  return { variables: environmentVariables(url), bucket };
}

const troubles = ({ findings }: Outcome) =>
  findings.filter(({ state }) => state !== "ok").map(({ subject, title, state }) => `${state}: ${subject}: ${title}`);

test("where everything is there, nothing is missing", async () => {
  synthesize();
  const { variables, bucket } = await cloud({ quotas: { SSD_TOTAL_GB: 10_000 } });
  await bucket();
  const outcome = await run({ variables }, "--json");
  expect(troubles(outcome)).toEqual([]);
  expect(outcome.code).toBe(0);
  expect(outcome.findings.map(({ title }) => title)).toEqual([
    "Terraform",
    "cdktf",
    "gke-gcloud-auth-plugin",
    "login",
    "project",
    "APIs",
    "roles",
    `state bucket ${BUCKET}`,
    "quota CPUS in asia-northeast1",
    "quota SSD_TOTAL_GB in asia-northeast1",
    "quota INSTANCES in asia-northeast1",
  ]);
  expect((await run({ variables })).printed).toMatch(/^project acme-staging\n {2}✓ project: is there\n/m);
});

test("in an empty project every gap is told with what to do about it", async () => {
  synthesize();
  const { variables } = await cloud({
    projects: [{ id: PROJECT, services: ["iam.googleapis.com", "compute.googleapis.com"] }],
    quotas: { CPUS: 4, SSD_TOTAL_GB: 500 },
  });
  const outcome = await run({ variables }, "--json");
  expect(outcome.code).toBe(2);
  expect(troubles(outcome)).toEqual([
    "missing: project acme-staging: APIs",
    `missing: project acme-staging: state bucket ${BUCKET}`,
    "missing: project acme-staging: quota CPUS in asia-northeast1",
    "doubt: project acme-staging: quota SSD_TOTAL_GB in asia-northeast1",
  ]);
  const printed = (await run({ variables })).printed;
  expect(printed).toContain("container.googleapis.com --project acme-staging");
  expect(printed).toContain(`gcloud storage buckets create gs://${BUCKET}`);
  // Three to nine machines of the default type, e2-standard-4.
  expect(printed).toContain("4 of 4 left, 12 to 36 needed");
  expect(printed).toContain("500 of 500 left, 300 to 900 needed: the pools cannot grow to their limits");
  expect(printed).toMatch(/3 things missing, 1 thing to look at\.\n$/);
});

test("a role is named where a permission of it is not granted", async () => {
  synthesize();
  const { variables, bucket } = await cloud();
  await bucket();
  const without = ["container.clusters.create", "iam.serviceAccounts.actAs"];
  const endpoint = await lackingPermissions(variables["GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT"]!, without);
  const outcome = await run(
    { variables: { ...variables, GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: endpoint } },
    "--json",
  );
  expect(troubles(outcome).filter((line) => line.includes("role"))).toEqual([
    "missing: project acme-staging: role roles/iam.serviceAccountUser",
    "missing: project acme-staging: role roles/container.admin",
  ]);
  expect(outcome.findings.find(({ title }) => title === "role roles/container.admin")).toMatchObject({
    detail: "without container.clusters.create",
    remedy: expect.stringContaining("add-iam-policy-binding acme-staging --role roles/container.admin"),
  });
});

test("a project that is not there, or not to be seen, ends the questions about it", async () => {
  synthesize();
  const { variables } = await cloud({ projects: ["acme-other"] });
  const outcome = await run({ variables }, "--json");
  expect(troubles(outcome)).toEqual(["missing: project acme-staging: project"]);
  expect(outcome.findings.at(-1)?.remedy).toContain("gcloud projects create acme-staging");
});

test("a bucket without versions is a doubt", async () => {
  synthesize();
  const { variables, bucket } = await cloud({ quotas: { SSD_TOTAL_GB: 10_000 } });
  await bucket({});
  const outcome = await run({ variables }, "--json");
  expect(troubles(outcome)).toEqual([`doubt: project acme-staging: state bucket ${BUCKET}`]);
  expect(outcome.code).toBe(0);
});

test("an API that does not answer is no reason to fall", async () => {
  synthesize();
  const variables = {
    GOOGLE_OAUTH_ACCESS_TOKEN: "x",
    GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: "http://127.0.0.1:1/v1/",
  };
  const outcome = await run({ variables }, "--json");
  expect(outcome.findings.at(-1)).toMatchObject({
    title: "project",
    state: "missing",
    detail: expect.stringContaining("127.0.0.1:1 does not answer"),
  });
});

describe("this machine", () => {
  const tools = (changed: Readonly<Record<string, string | undefined>>, variables = {}) =>
    run({ run: (program) => ({ ...TOOLS, ...changed })[program], variables }, "--offline", "--json");

  test.each([
    [{ terraform: undefined }, "Terraform", "does not run"],
    [{ terraform: "Terraform v1.10.5\n" }, "Terraform", "Terraform 1.10.5 is too old"],
    [{ cdktf: undefined }, "cdktf", "does not run"],
    [{ "gke-gcloud-auth-plugin": undefined }, "gke-gcloud-auth-plugin", "does not run"],
  ])("without what %j says: %s %s", async (changed, title, detail) => {
    synthesize();
    const outcome = await tools(changed);
    expect(outcome.code).toBe(2);
    const finding = outcome.findings.find(({ state }) => state === "missing");
    expect(finding).toMatchObject({ title, detail: expect.stringContaining(detail) });
    expect(finding?.remedy).toBeDefined();
  });

  test("OpenTofu will do, under the name that cdktf is told", async () => {
    synthesize();
    const outcome = await tools(
      { terraform: undefined, tofu: "OpenTofu v1.11.0\n" },
      { TERRAFORM_BINARY_NAME: "tofu" },
    );
    expect(troubles(outcome)).toEqual([]);
    expect(outcome.findings[0]?.detail).toBe("OpenTofu 1.11.0");
  });

  test("another cdktf is a doubt, and the plugin is asked for only where a stack uses it", async () => {
    synthesize({ connection: { authentication: "access-token" } });
    const outcome = await tools({ cdktf: "0.20.0", "gke-gcloud-auth-plugin": undefined });
    expect(troubles(outcome)).toEqual(["doubt: this machine: cdktf"]);
  });

  test("without a login Google is not asked", async () => {
    synthesize();
    const outcome = await run({ run: (program) => ({ ...TOOLS, gcloud: undefined })[program] }, "--json");
    expect(troubles(outcome)).toEqual(["missing: this machine: login"]);
    expect(outcome.findings.at(-1)?.remedy).toBe("gcloud auth application-default login");
  });

  test("the account to be impersonated is the one that is examined", async () => {
    synthesize();
    const { variables, bucket } = await cloud({ quotas: { SSD_TOTAL_GB: 10_000 } });
    await bucket();
    const asked: (readonly string[])[] = [];
    const account = "gke-cilium-deployer@acme-staging.iam.gserviceaccount.com";
    const outcome = await run(
      {
        variables: { ...variables, GOOGLE_OAUTH_ACCESS_TOKEN: undefined, GOOGLE_IMPERSONATE_SERVICE_ACCOUNT: account },
        run: (program, args) => {
          if (program === "gcloud") asked.push(args);
          return TOOLS[program];
        },
      },
      "--json",
    );
    expect(asked[0]).toContain(`--impersonate-service-account=${account}`);
    expect(troubles(outcome)).toEqual([]);
  });
});

test("what was not synthesized cannot be examined", async () => {
  expect(await run({})).toMatchObject({ code: 1, warned: expect.stringContaining("run npm run synth first") });
  synthesize();
  const outcome = await run({}, "--env", "prod");
  expect(outcome).toMatchObject({
    code: 1,
    warned: expect.stringMatching(/no stack belongs to prod; there are staging-/),
  });
  expect((await run({}, "--wrong")).code).toBe(1);
});

describe("docs/first-deployment.md", () => {
  const page = readPage(join(__dirname, "../../docs/first-deployment.md"));

  test("shows what the doctor prints", async () => {
    synthesize();
    const services = ["cloudresourcemanager", "compute", "iam", "monitoring"].map((name) => `${name}.googleapis.com`);
    const { variables } = await cloud({ projects: [{ id: PROJECT, services }] });
    const { printed } = await run({
      variables,
      run: (program) => ({ ...TOOLS, "gke-gcloud-auth-plugin": undefined })[program],
    });
    const shown = /<!-- output of npm run doctor -->\n```text\n(.*?)```/s.exec(page)?.[1];
    expect(printed.slice(0, shown?.length)).toBe(shown);
  });

  test("lists the roles that the deployer gets, each once", () => {
    const listed = [...page.matchAll(/^\| `(roles\/[\w.]+)`/gm)].map(([, role]) => role);
    expect(listed).toEqual([...DEPLOYER_ROLES, "roles/storage.objectUser"]);
  });
});

/** The resource manager of the sandbox, but for permissions that nobody has. */
async function lackingPermissions(upstream: string, without: readonly string[]): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(upstream + request.url!.slice(1), {
      method: request.method,
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      body: chunks.length > 0 ? Buffer.concat(chunks).toString() : undefined,
    });
    const body = (await answer.json()) as { permissions?: string[] };
    const permissions = body.permissions?.filter((permission) => !without.includes(permission));
    response.writeHead(answer.status).end(JSON.stringify({ ...body, ...(permissions && { permissions }) }));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
