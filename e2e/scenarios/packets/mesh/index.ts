import { checkEqual, eventually } from "../../../harness/check";
import { MESH, type Scenario, type Step } from "../../../harness/scenario";
import { ANSWERED_BY_BOTH, AUTHORITY, applyService, CATALOGUES, CILIUM, CLUSTERS, JOINED } from "./join";
import { API_SERVER_AWAY, NOTHING_LEFT, ONE_LEAVES } from "./parting";
import { EXAMPLE_POLICY, NAMED_CLUSTER } from "./policies";
import { answeredBy, bothWays, PORT, restoreCatalogue, serviceOf, withPods } from "./sides";

const POD_TO_POD: Step = bothWays(
  "a pod reaches the other cluster's by its own address, and is seen with its own",
  async (from, to, bench) => {
    const seen = await eventually(`${to.catalogue.name} answers ${from.frontend.name}`, 30, () =>
      from.frontend.ask(to.catalogue.address, PORT),
    );
    checkEqual([seen.name, seen.from], [to.catalogue.name, from.frontend.address], "who answers, and whom it sees");
    bench.note(`${from.frontend.address} in ${from.name} to ${to.catalogue.address} in ${to.name}`);
  },
);

const OWN_FIRST: Step = {
  title: "as the example has it, a cluster's own pods answer; the other's when there are none, and no longer than that",
  async run(bench) {
    const [one, other] = await withPods(bench);
    const address = await serviceOf(one);
    for (const side of [one, other]) {
      await applyService(side, true);
      await answeredBy(side.frontend, await serviceOf(side), [side.catalogue.name]);
    }
    await one.rig.remove(one.catalogue.name);
    await answeredBy(one.frontend, address, [other.catalogue.name]);
    bench.note(`without ${one.catalogue.name}, ${other.catalogue.name} sees ${one.frontend.address}`);
    await restoreCatalogue(one);
    await answeredBy(one.frontend, address, [one.catalogue.name]);
  },
};

/** docs/examples/cluster-mesh.md, with two clusters that are really joined. */
export const PACKET_MESH: Scenario = {
  id: "packets-mesh",
  title: "Two clusters are joined: pods, global Services and policies know those of the other",
  shows: "packets",
  real: true,
  needs: "clustermesh-apiserver, cilium-certgen, openssl",
  byName: { minutes: 7 },
  proves: [
    "docs/sandbox.md: Of two clusters in one network, joined by their API servers, pods see each other's own addresses, a global Service has the pods of both, policies tell the clusters apart, and without the other's API server what is known stays.",
    "docs/examples/cluster-mesh.md: That two clusters join so, with this Service and this policy,",
    "docs/datapath.md: by default a policy that names no cluster means its own",
  ],
  environments: [MESH[0]],
  steps: [
    CLUSTERS,
    AUTHORITY,
    CILIUM,
    CATALOGUES,
    JOINED,
    POD_TO_POD,
    ANSWERED_BY_BOTH,
    OWN_FIRST,
    EXAMPLE_POLICY,
    NAMED_CLUSTER,
    API_SERVER_AWAY,
    ONE_LEAVES,
    NOTHING_LEFT,
  ],
};
