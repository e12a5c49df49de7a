import type { Step } from "../../../harness/scenario";
import { applyPolicies, readExample } from "../../../rig/packets/example-files";
import { PACKETS } from "../../../rig/packets/packet-rig";
import { letsIn, type Pods, type Side, withPods } from "./sides";

const POLICIES = `/apis/cilium.io/v2/namespaces/${PACKETS}/ciliumnetworkpolicies`;
const EXAMPLE = "cluster-mesh/policies";
/** Label by which a policy names a cluster. */
const CLUSTER = "io.cilium.k8s.policy.cluster";

interface Peer {
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** Puts the example's policy into a cluster, with others in place of those that it lets in. */
async function letOnly({ rig }: Side, labels: Readonly<Record<string, string>>): Promise<void> {
  const [policy] = readExample(`${EXAMPLE}/catalogue.yaml`);
  if (!policy) throw new Error("the example has no policy");
  const { ingress = [], ...spec } = policy.spec as { ingress?: readonly { fromEndpoints?: readonly Peer[] }[] };
  const fromEndpoints: readonly Peer[] = [{ matchLabels: labels }];
  const narrowed = {
    ...policy,
    metadata: { name: policy.metadata.name, namespace: PACKETS },
    spec: { ...spec, ingress: ingress.map((rule) => ({ ...rule, fromEndpoints })) },
  };
  await rig.apply(POLICIES, narrowed);
}

/** Everybody who asks in these steps. */
function askers(...sides: readonly Pods[]) {
  return sides.flatMap(({ frontend, stranger }) => [frontend, stranger]);
}

export const EXAMPLE_POLICY: Step = {
  title: "the example's policy lets in the frontends of both clusters, which it names, and nobody else",
  async run(bench) {
    const [one, other] = await withPods(bench);
    const takeBack = [await applyPolicies(one.rig, EXAMPLE), await applyPolicies(other.rig, EXAMPLE)];
    try {
      for (const { catalogue } of [one, other])
        await letsIn(catalogue, askers(one, other), [one.frontend, other.frontend]);
      const drop = new RegExp(`${other.stranger.address}\\S*|${PACKETS}/${other.stranger.name}`);
      bench.note(await one.rig.flow(one.catalogue.node, drop, "--verdict", "DROPPED"));
    } finally {
      for (const take of takeBack) await take();
    }
  },
};

export const NAMED_CLUSTER: Step = {
  title:
    "a policy that names one cluster lets its frontend in and denies the other's; one that names none means its own",
  async run(bench) {
    const [one, other] = await withPods(bench);
    const everybody = askers(one, other);
    try {
      await letOnly(other, { app: "frontend", [CLUSTER]: one.name });
      await letsIn(other.catalogue, everybody, [one.frontend]);
      await letOnly(other, { app: "frontend", [CLUSTER]: other.name });
      await letsIn(other.catalogue, everybody, [other.frontend]);
      await letOnly(other, { app: "frontend" });
      await letsIn(other.catalogue, everybody, [other.frontend]);
    } finally {
      await other.rig.client.delete(`${POLICIES}/catalogue`);
    }
    await letsIn(other.catalogue, everybody, everybody);
  },
};
