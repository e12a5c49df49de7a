import type { Pod } from "../../sandbox/kubernetes/client";
import { check, checkEqual, checkMatches, eventually } from "../harness/check";
import type { Scenario } from "../harness/scenario";
import type { Bench } from "../rig/bench";
import { PacketRig } from "../rig/packets/packet-rig";

interface Status {
  readonly ok: boolean;
  readonly findings: readonly { readonly title: string; readonly state: string; readonly detail: string }[];
}

/** `gke-cilium status --json`, with its exit code and seconds. */
async function status(bench: Bench): Promise<Status & { readonly code: number; readonly seconds: number }> {
  const { code, stdout, seconds, output } = await bench.command("status", bench.environment, "--json");
  check(stdout.startsWith("{"), `status said nothing: ${output}`);
  return { ...(JSON.parse(stdout) as Status), code, seconds };
}

const wrong = ({ findings }: Status) =>
  findings.filter(({ state }) => state === "wrong").map(({ title, detail }) => `${title}: ${detail}`);

const ENDPOINTS = "/apis/cilium.io/v2/namespaces/kube-system/ciliumendpoints";

/** What people ask a running cluster with, by the real kubectl and the real API server. */
export const COMMANDS: Scenario = {
  id: "commands",
  title: "status says that the cluster is as asked, and what is not",
  shows: "promises",
  steps: [
    {
      title: "after a deployment everything is as asked",
      async run(bench) {
        // Pods of the last deployment may still be on their way.
        const last = await eventually("a status without anything wrong", 60, async () => {
          const now = await status(bench);
          return now.code === 0 ? now : undefined;
        });
        checkEqual(wrong(last), [], "what is wrong");
        bench.note(`${last.findings.length} findings in ${last.seconds.toFixed(1)} s`);
      },
    },
    {
      title: "a pod that loses its endpoint is named, with exit code 2",
      async run(bench) {
        const { client } = bench.kube();
        const [pod] = await client.list<Pod>("/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns");
        const name = pod?.metadata.name ?? "";
        const endpoint = await client.get<{ metadata: { resourceVersion?: string; uid?: string } }>(
          `${ENDPOINTS}/${name}`,
        );
        await client.delete(`${ENDPOINTS}/${name}`);
        const { code, ...without } = await status(bench);
        const { resourceVersion, uid, ...metadata } = endpoint.metadata;
        await client.create(ENDPOINTS, { ...endpoint, metadata });
        checkEqual(code, 2, "exit code");
        checkMatches(wrong(without).join(), new RegExp(`managed: .*kube-system/${name}`), "what is wrong");
      },
    },
    {
      title: "in pods that nothing runs in, connectivity says so, and takes its namespace away",
      async run(bench) {
        const words = ["connectivity", bench.environment, "--json", "--internet", "none", "--timeout", "5"];
        const { code, stdout } = await bench.command(...words);
        checkEqual(code, 2, "exit code");
        checkMatches(stdout, /nothing runs in its pod|has not ended in time/, "what it says");
        await namespacesAreGone(bench);
      },
    },
  ],
};

/** The same with real nodes: what is said to be reached is reached by packets. */
export const PACKET_COMMANDS: Scenario = {
  id: "packets-commands",
  title: "gke-cilium connectivity sees what packets do",
  shows: "packets",
  real: true,
  proves: [
    "docs/commands.md: On real nodes it tells what packets do: pods on both nodes, a Service, the API server, and what a policy allows and denies.",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "everything is reached, but what the policy denies",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        const nodes = rig.nodes.slice(0, 2).flatMap((node) => ["--node", node]);
        // A busy machine is slow, not wrong.
        const patience = ["--timeout", "600"];
        const words = ["connectivity", bench.environment, "--json", "--internet", "none", ...patience, ...nodes];
        const { code, stdout, seconds } = await bench.command(...words);
        const { results } = JSON.parse(stdout) as { results: { name: string; ok: boolean }[] };
        checkEqual(
          results.filter(({ ok }) => !ok).map(({ name }) => name),
          [],
          "what is not as it should be",
        );
        checkEqual(results.length, 7, "number of results");
        checkEqual(code, 0, "exit code");
        bench.note(`${results.length} results in ${seconds.toFixed(1)} s`);
        await namespacesAreGone(bench);
        await rig.cleanUp();
      },
    },
  ],
};

async function namespacesAreGone(bench: Bench): Promise<void> {
  await eventually("the namespace of the check is gone", 60, async () => {
    const all = await bench.kube().client.list<{ metadata: { name: string } }>("/api/v1/namespaces");
    return all.some(({ metadata }) => metadata.name.startsWith("gke-cilium-connectivity")) ? undefined : true;
  });
}
