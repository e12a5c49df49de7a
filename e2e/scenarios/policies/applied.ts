import type { KubernetesObject } from "../../../sandbox/kubernetes/client";
import { check, checkEqual, checkMatches } from "../../harness/check";
import type { Scenario } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { change, IN_PLACE } from "../day-two/change";

const KUBERNETES = "/apis/networking.k8s.io/v1/namespaces";
const CLUSTERWIDE = "/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies/shop-allowed";

interface Clusterwide extends KubernetesObject {
  readonly spec: { readonly ingress: readonly { readonly fromCIDR?: readonly string[] }[] };
}

async function namesIn(bench: Bench, namespace: string): Promise<string[]> {
  const found = await bench.kube().client.list<KubernetesObject>(`${KUBERNETES}/${namespace}/networkpolicies`);
  return found.map(({ metadata }) => metadata.name).sort();
}

/** Policies of the definition, of every kind that the dataplane enforces, with the real definitions of their kinds. */
export const POLICIES: Scenario = {
  id: "policies",
  title: "Policies from YAML, objects and baselines are applied, changed and taken back in place",
  shows: "dayTwo",
  proves: [
    "docs/policies.md: A second plan is empty, a changed policy is changed in place, and taking the option back takes the policies away and leaves their namespaces.",
  ],
  steps: [
    change({
      title: "every kind that the dataplane enforces is there at once, with the namespaces",
      edits: ["policies=all"],
      layers: ["networking"],
      plan: /Plan: 2 to add, 0 to change, 0 to destroy\./,
      async verify(bench) {
        checkEqual(await namesIn(bench, "shop"), ["api-from-web", "database-from-api"], "policies of the files");
        const lab = await namesIn(bench, "lab");
        for (const name of ["baseline-default-deny", "baseline-isolation", "baseline-metadata-server"])
          check(lab.includes(name), `the baseline's ${name} is not there: ${lab.join(", ")}`);
        await bench.kube().client.get(CLUSTERWIDE);
      },
    }),
    change({
      title: "one is changed and others go, in place",
      takeBack: ["policies"],
      edits: ["policies=other"],
      layers: ["networking"],
      plan: IN_PLACE,
      async verify(bench) {
        const { spec } = await bench.kube().client.get<Clusterwide>(CLUSTERWIDE);
        checkEqual(spec.ingress[1]?.fromCIDR, ["198.51.100.0/25"], "the range of the changed policy");
        const lab = await namesIn(bench, "lab");
        check(!lab.includes("baseline-isolation"), `what is not wanted any more is still there: ${lab.join(", ")}`);
      },
    }),
    change({
      title: "taken back, nothing is left but the namespaces",
      takeBack: ["policies"],
      layers: ["networking"],
      plan: /Plan: 0 to add, 0 to change, 2 to destroy\./,
      async verify(bench) {
        checkEqual([...(await namesIn(bench, "shop")), ...(await namesIn(bench, "lab"))], [], "policies that are left");
        checkEqual(await bench.kube().client.find(CLUSTERWIDE), undefined, "the clusterwide policy");
        const { metadata } = await bench.kube().client.get<KubernetesObject>("/api/v1/namespaces/shop");
        checkMatches(JSON.stringify(metadata.labels ?? {}), /"team":"shop"/, "labels of the namespace that stays");
      },
    }),
  ],
};
