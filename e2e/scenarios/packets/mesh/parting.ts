import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { check, checkEqual, eventually } from "../../../harness/check";
import type { Step } from "../../../harness/scenario";
import { googleRequest } from "../../../rig/google";
import { PacketRig } from "../../../rig/packets/packet-rig";
import { checkNothingLeft } from "../../destroy";
import { API_SERVERS, hasJoined, NETWORK, networksOf } from "./join";
import { answeredBy, containersOf, PORT, restoreCatalogue, type Side, serviceOf, withPods } from "./sides";

const SCALE = "/apis/apps/v1/namespaces/kube-system/deployments/clustermesh-apiserver/scale";
/** How long the other cluster is asked while its API server of the mesh is away, in milliseconds. */
const AWAY = 15_000;

/** Whether the API servers of a cluster say that they reach those of the other. */
async function reach(side: Side): Promise<boolean> {
  const words = ["clustermesh-apiserver", "kvstoremesh-dbg", "status"];
  const ends = await Promise.all(
    containersOf(side, API_SERVERS, "kvstoremesh").map(async ({ container }) => container.exec(words, 30_000)),
  );
  return ends.every(({ stdout }) => stdout.includes("1/1 remote clusters ready"));
}

async function scale({ rig }: Side, replicas: number): Promise<void> {
  await rig.client.patch(SCALE, { spec: { replicas } });
}

/** Connections to the other cluster do not need its API server of the mesh once they are known. */
export const API_SERVER_AWAY: Step = {
  title: "without the other cluster's API server of the mesh, what is known of it stays, and no connection to it fails",
  async run(bench) {
    const [one, other] = await withPods(bench);
    const address = await serviceOf(one);
    await one.rig.remove(one.catalogue.name);
    await answeredBy(one.frontend, address, [other.catalogue.name]);
    const client = await one.frontend.client(address, PORT);
    try {
      await scale(other, 0);
      await eventually(`${one.name} misses the API server of ${other.name}`, 60, async () =>
        (await reach(one)) ? undefined : true,
      );
      await sleep(AWAY);
      await answeredBy(one.frontend, address, [other.catalogue.name]);
    } finally {
      const { answered, failed, broken } = await client.stop();
      await scale(other, 2);
      bench.note(`${answered} connections, ${failed.length} failed; the standing one broke ${broken.length} times`);
      checkEqual([failed, broken], [[], []], "connections that failed and broke");
      check(answered > 0, "nobody was answered");
    }
    await restoreCatalogue(one);
    await eventually(`${one.name} reaches the API server of ${other.name} again`, 60, async () =>
      (await reach(one)) ? true : undefined,
    );
    await answeredBy(one.frontend, address, [one.catalogue.name]);
    bench.note(await hasJoined(one, other));
  },
};

export const ONE_LEAVES: Step = {
  title: "one cluster is destroyed; the other stays, with its nodes and pods",
  async run(bench) {
    const [one, other] = await withPods(bench);
    const { vpc } = one.rig.real;
    checkEqual(vpc.size, 2, "clusters in the network");
    await other.rig.cleanUp();
    await other.bench.destroy({ layers: ["networking"] });
    await other.bench.destroy({ layers: ["cluster"] });
    checkEqual(vpc.size, 1, "clusters in the network");
    const seen = await one.frontend.ask(one.catalogue.address, PORT);
    checkEqual(seen?.from, one.frontend.address, `whom ${one.catalogue.name} sees`);
  },
};

export const NOTHING_LEFT: Step = {
  title: "the other is destroyed as well, and with it the nodes' network; nothing is left in the project",
  async run(bench) {
    const rig = await PacketRig.of(bench);
    const { vpc } = rig.real;
    const { pid } = vpc.world.namespace;
    check(existsSync(`/proc/${pid}`), "the network of the nodes is not there any more");
    await rig.cleanUp();
    await bench.destroy({ layers: ["networking"] });
    await bench.destroy({ layers: ["cluster"] });
    checkEqual(vpc.size, 0, "clusters in the network");
    await eventually("the network of the nodes gone", 10, () => (existsSync(`/proc/${pid}`) ? undefined : true));
    // Google deletes no network that anything is still in.
    await googleRequest(bench, "DELETE", `${networksOf(bench)}/${NETWORK}`);
    checkNothingLeft(bench);
  },
};
