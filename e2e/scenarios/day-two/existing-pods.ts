import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { packageFile } from "../../../lib/package-files";
import type { KubernetesClient, Pod } from "../../../sandbox/kubernetes/client";
import { unless } from "../../../sandbox/kubernetes/client";
import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { RunningCommand } from "../../rig/command";
import { KUBE_SYSTEM } from "../../rig/kube";
import { change } from "./change";

const NAME = "restart-existing-pods";
const SHOP = "existing-pods";
const PODS = `/api/v1/namespaces/${SHOP}/pods`;
const ENDPOINTS = `/apis/cilium.io/v2/namespaces/${SHOP}/ciliumendpoints`;

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
  }[];
}

/** A Deployment whose pods have no endpoint: as if they had been there before Cilium. */
async function unmanaged(client: KubernetesClient, name: string, replicas: number): Promise<readonly string[]> {
  const labels = { app: name };
  await client.create(`/apis/apps/v1/namespaces/${SHOP}/deployments`, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: SHOP },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "app", image: "registry.k8s.io/pause:3.10" }] },
      },
    },
  });
  const pods = await eventually(`${replicas} pods of ${name} with endpoints`, 90, async () => {
    const [running, endpoints] = await Promise.all([podsOf(client, name), client.list<Pod>(ENDPOINTS)]);
    const have = new Set(endpoints.map(({ metadata }) => metadata.name));
    return running.length === replicas && running.every((pod) => have.has(pod)) ? running : undefined;
  });
  // Whoever registers endpoints in played nodes does it once for each pod.
  for (const pod of pods) await client.delete(`${ENDPOINTS}/${pod}`);
  return pods;
}

async function podsOf(client: KubernetesClient, app: string): Promise<string[]> {
  const pods = await client.list<Pod>(`${PODS}?labelSelector=app%3D${app}`);
  return pods
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status?.phase === "Running")
    .map(({ metadata }) => metadata.name);
}

/** Runs the Job's program with the Job's own account against the real API server. */
async function runProgram(bench: Bench, variables: Readonly<Record<string, string>> = {}) {
  const { client } = bench.kube();
  const { cluster } =
    (parse(readFileSync(bench.cloud.kubeconfig(bench.cluster), "utf8")) as Kubeconfig).clusters[0] ?? {};
  check(cluster !== undefined, "the kubeconfig names no cluster");
  const token = await client.create<{ status: { token: string } }>(
    `/api/v1/namespaces/${KUBE_SYSTEM}/serviceaccounts/${NAME}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } },
  );
  const directory = mkdtempSync(join(tmpdir(), "existing-pods-"));
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  try {
    const report = file("report", "");
    const { code, output } = await new RunningCommand(
      process.execPath,
      [packageFile("lib/existing-pods/restart-pods.mjs")],
      {
        cwd: directory,
        environment: {
          API_SERVER: cluster.server,
          CA_FILE: file("ca.crt", Buffer.from(cluster["certificate-authority-data"], "base64").toString()),
          TOKEN_FILE: file("token", token.status.token),
          REPORT_FILE: report,
          LOOK_MS: "200",
          PATIENCE_SECONDS: "20",
          TIMEOUT_SECONDS: "240",
          ...variables,
        },
        log: join(directory, "log"),
        timeoutSeconds: 300,
      },
    ).result;
    return { code, output, report: readFileSync(report, "utf8") };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const RESTARTED: Step = {
  title: "its program restarts pods with the Job's own rights, and a budget that allows nothing is kept",
  async run(bench) {
    const { client } = bench.kube();
    await client
      .create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } })
      .catch(unless(409));
    await eventually("the service account of the namespace", 30, () =>
      client.find(`/api/v1/namespaces/${SHOP}/serviceaccounts/default`),
    );
    const [web, kept] = await Promise.all([unmanaged(client, "web", 2), unmanaged(client, "kept", 1)]);
    await client.create(`/apis/policy/v1/namespaces/${SHOP}/poddisruptionbudgets`, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "kept", namespace: SHOP },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "kept" } } },
    });
    const others = (await client.list<{ metadata: { name: string } }>("/api/v1/namespaces"))
      .map(({ metadata }) => metadata.name)
      .filter((name) => name !== SHOP);
    const before = await eventually("the budget is known", 30, async () => {
      const budget = await client.get<{ status?: { observedGeneration?: number } }>(
        `/apis/policy/v1/namespaces/${SHOP}/poddisruptionbudgets/kept`,
      );
      return budget.status?.observedGeneration === undefined ? undefined : true;
    });
    check(before, "no budget");
    // Pods of less than half a minute may only be late.
    await new Promise((later) => setTimeout(later, 7_000));
    const { code, report, output } = await runProgram(bench, { EXCLUDED_NAMESPACES: others.join(",") });
    bench.note(report.split("\n")[0] ?? "");
    checkEqual(code, 1, `exit code, as a budget was in the way: ${output}`);
    checkMatches(report, /^2 restarted, 1 not, /, "report");
    checkMatches(
      report,
      new RegExp(`not: ${SHOP}/${kept[0]} \\(Deployment ${SHOP}/kept: its disruption budget`),
      "report",
    );
    checkEqual(await podsOf(client, "kept"), kept, "pods that the budget keeps");
    const now = await podsOf(client, "web");
    check(now.length === 2 && now.every((pod) => !web.includes(pod)), `pods of web are still ${now.join()}`);
    await client.delete(`/api/v1/namespaces/${SHOP}`);
  },
};

const ASKED_MORE: Step = {
  title: "it may not delete pods, change Deployments or read Secrets",
  async run(bench) {
    const { client } = bench.kube();
    const denied = async (verb: string, group: string, resource: string) => {
      const review = await client.create<{ status: { allowed: boolean } }>(
        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
        {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: {
            user: `system:serviceaccount:${KUBE_SYSTEM}:${NAME}`,
            groups: ["system:serviceaccounts", `system:serviceaccounts:${KUBE_SYSTEM}`, "system:authenticated"],
            resourceAttributes: { verb, group, resource, namespace: SHOP },
          },
        },
      );
      check(!review.status.allowed, `it may ${verb} ${resource}`);
    };
    await denied("delete", "", "pods");
    await denied("patch", "apps", "deployments");
    await denied("get", "", "secrets");
    await denied("create", "", "pods");
  },
};

/** Pods that ran before Cilium, in both modes of one's own. */
export const EXISTING_PODS: Scenario = {
  id: "existing-pods",
  title: "Existing pods: a Job comes with rights for nothing but evictions, restarts them, and keeps to their budgets",
  shows: "dayTwo",
  environments: ["dev", "staging"],
  beside: true,
  steps: [
    change({
      title: "the Job comes in place",
      edits: ["dataplane=existing-pods"],
      layers: ["networking"],
      plan: /Plan: 5 to add, \d+ to change, 0 to destroy\./,
      async verify(bench) {
        const jobs = await bench
          .kube()
          .client.list<{ metadata: { name: string }; status?: { succeeded?: number } }>(
            `/apis/batch/v1/namespaces/${KUBE_SYSTEM}/jobs`,
          );
        check(
          jobs.some(({ metadata }) => metadata.name.startsWith(NAME)),
          "there is no Job",
        );
      },
    }),
    RESTARTED,
    ASKED_MORE,
    change({
      title: "it goes again in place, rights and all",
      takeBack: ["dataplane"],
      layers: ["networking"],
      plan: /Plan: 0 to add, \d+ to change, 5 to destroy\./,
    }),
  ],
};
