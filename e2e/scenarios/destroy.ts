import { FAULT_PRESETS } from "../../sandbox/gcp/faults/presets";
import { check, checkEqual, checkMatches } from "../harness/check";
import { recall, remember } from "../harness/memory";
import type { Scenario, Step } from "../harness/scenario";
import type { Bench } from "../rig/bench";
import { readCluster } from "../rig/google";

/** Kinds of resources in the order in which they must go: each before all that it stands on. */
const ORDER: readonly (readonly [kind: string, path: RegExp])[] = [
  ["node pool", /\/nodePools\/[^/]+$/],
  ["cluster", /\/clusters\/[^/]+$/],
  ["subnetwork", /\/subnetworks\/[^/]+$/],
  ["network", /\/global\/networks\/[^/]+$/],
];

/** @throws CheckFailed where the project is not what it was before the first deployment. */
export function checkNothingLeft(bench: Bench): void {
  const before = recall<Readonly<Record<string, unknown>>>(bench, "before");
  const after = bench.cloud.resources(bench.project);
  const left = Object.keys(after).filter((name) => !(name in before) && !isState(name));
  const gone = Object.keys(before).filter((name) => !(name in after));
  checkEqual(left, [], "resources that are left");
  checkEqual(gone, [], "resources that were there before and are gone");
  for (const [name, policy] of Object.entries(before).filter(([name]) => name.startsWith("policies"))) {
    checkEqual(bindingsOf(after[name]), bindingsOf(policy), `bindings of ${name}`);
  }
  bench.note(`${Object.keys(after).length} resources, as before`);
}

/** Versions of state files in the bucket of the state are history, which is what the bucket is for. */
function isState(name: string): boolean {
  return /\/objects\//.test(name);
}

function bindingsOf(policy: unknown): unknown {
  return (policy as { bindings?: unknown } | undefined)?.bindings ?? [];
}

function checkOrder(bench: Bench, after: number): void {
  const deleted = bench.cloud
    .requests({ project: bench.project, method: "DELETE", after })
    .filter(({ status }) => status < 300);
  // Autopilot's pools are Google's, and go with the cluster.
  const ours = ORDER.filter(([kind]) => kind !== "node pool" || (bench.definition.nodePools ?? []).length > 0);
  const firstAndLast = ours.map(([kind, path]) => {
    const all = deleted.flatMap((entry, index) => (path.test(entry.path) ? [index] : []));
    check(all.length > 0, `no ${kind} was deleted`);
    return { kind, first: Math.min(...all), last: Math.max(...all) };
  });
  firstAndLast.slice(1).forEach((later, index) => {
    const earlier = firstAndLast[index]!;
    check(earlier.last < later.first, `a ${later.kind} was deleted before the last ${earlier.kind}`);
  });
  bench.note(`deleted in this order: ${ORDER.map(([kind]) => kind).join(", ")}`);
}

const PROTECTED: Step = {
  title: "deletion protection is in the way before anything is touched",
  async run(bench) {
    const before = bench.cloud.resources(bench.project);
    const releases = await bench.kube().helmReleases();
    const { code } = await bench.tryDestroy();
    check(code !== 0, "a protected environment was destroyed");
    // cdktf may end before it has passed on the last words of a long plan, so Terraform itself is asked for them.
    const { output } = await bench.terraform("plan-destroy", "monitoring", ["plan", "-destroy"]);
    checkMatches(output, /Instance cannot be destroyed/, "what the plan to destroy says");
    const now = Object.keys(bench.cloud.resources(bench.project)).filter((name) => !isState(name));
    checkEqual(
      now,
      Object.keys(before).filter((name) => !isState(name)),
      "what is in the project",
    );
    checkEqual(await bench.kube().helmReleases(), releases, "Helm releases in the cluster");
    checkEqual((await readCluster(bench)).status, "RUNNING", "status of the cluster");
  },
};

const DESTROYED: Step = {
  title: "cdktf destroy of all three stacks",
  async run(bench) {
    const from = bench.cloud.position;
    await bench.destroy();
    checkOrder(bench, from);
    checkNothingLeft(bench);
  },
};

/** Protected environments are destroyed in two steps. */
export const DESTROY: Scenario = {
  id: "destroy",
  title: "Protection first, then everything goes in the right order, and nothing is left",
  shows: "destroy",
  environments: ["staging", "prod"],
  always: true,
  steps: [
    PROTECTED,
    {
      title: "protection is switched off by a deployment",
      async run(bench) {
        bench.keep("unprotected");
        await bench.deploy();
        await bench.expectEmptyPlans();
      },
    },
    DESTROYED,
  ],
};

/** GKE's own firewall rules may outlive the cluster for a while. */
const NETWORK_IN_USE: Step = {
  title: "a firewall rule of GKE's still uses the network: the run fails, and says which",
  async run(bench) {
    remember(bench, "destroyed from", bench.cloud.position);
    const fault = bench.cloud.addFault({
      ...FAULT_PRESETS.networkInUse,
      method: "DELETE",
      path: "/global/networks/[^/]+$",
    });
    const { code, output } = await bench.tryDestroy();
    check(fault.struck() > 0, `the fault never struck: no network was deleted\n${output}`);
    fault.remove();
    check(code !== 0, "the run claims to have succeeded");
    const words = output.replace(/\n\s*│?\s*/g, " ");
    checkMatches(words, /already being used by 'projects\/\S+\/firewalls\/k8s-\S+'/, "what the run says");
    bench.note(`says: ${/Error: .*?firewalls\/\S+/.exec(words)?.[0] ?? ""}`);
  },
};

/** Without protection, everything goes at once. */
export const DESTROY_UNPROTECTED: Scenario = {
  id: "destroy",
  title:
    "Everything goes in the right order, at the second try where GKE's rules still use the network; nothing is left",
  shows: "destroy",
  environments: ["auto"],
  always: true,
  steps: [
    NETWORK_IN_USE,
    {
      title: "destroying again goes on where it was left, and nothing is left",
      async run(bench) {
        await bench.destroy();
        checkOrder(bench, recall<number>(bench, "destroyed from"));
        checkNothingLeft(bench);
      },
    },
  ],
};

/** Where the cluster does not answer any more. */
export const DESTROY_DEAD_CLUSTER: Scenario = {
  id: "destroy",
  title: "A dead Kubernetes API cannot stop the cluster stack from being destroyed",
  shows: "destroy",
  environments: ["dev"],
  always: true,
  steps: [
    {
      title: "the API server is gone: the later stacks cannot be destroyed, and say so",
      async run(bench) {
        await bench.cloud.killApiServer(bench.cluster);
        const { code, output } = await bench.tryDestroy({ layers: ["monitoring"] });
        check(code !== 0, "the monitoring stack claims to have been destroyed without an API server");
        bench.note(`says: ${/Error: .*/.exec(output)?.[0].slice(0, 160) ?? ""}`);
      },
    },
    {
      title: "the cluster stack alone is destroyed, and nothing is left",
      async run(bench) {
        const from = bench.cloud.position;
        await bench.destroy({ layers: ["cluster"] });
        checkOrder(bench, from);
        checkNothingLeft(bench);
      },
    },
    {
      title: "the states of the other two are emptied: what they hold went with the cluster",
      async run(bench) {
        for (const layer of ["monitoring", "networking"] as const) {
          const listed = await bench.terraform("state-list", layer, ["state", "list"]);
          const addresses = listed.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("data."));
          if (addresses.length === 0) continue;
          const removed = await bench.terraform("state-rm", layer, ["state", "rm", ...addresses]);
          check(removed.code === 0, `terraform state rm failed:\n${removed.output}`);
        }
      },
    },
  ],
};
