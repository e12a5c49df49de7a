import { randomBytes } from "node:crypto";
import { check, checkEqual, checkMatches, eventually } from "../../harness/check";
import { recall, remember } from "../../harness/memory";
import type { Scenario, Step } from "../../harness/scenario";
import type { Bench } from "../../rig/bench";
import { PacketRig, type TestPod } from "../../rig/packets/packet-rig";
import { carryOut } from "../day-two/change";
import { kernelHas } from "./kernel";

interface Pods {
  readonly server: TestPod;
  readonly client: TestPod;
}

const SECRETS = "/api/v1/namespaces/kube-system/secrets";
const SECRET = "cilium-ipsec-keys";
/** Packets that a capture waits for. */
const PACKETS_SEEN = 20;
const CAPTURE_SECONDS = 8;

/** A key as `docs/datapath.md` makes one. Made anew for each run, and used nowhere else. */
function key(number: number): { readonly stringData: { readonly keys: string } } {
  return { stringData: { keys: `${number}+ rfc4106(gcm(aes)) ${randomBytes(20).toString("hex")} 128` } };
}

/** Asks from pod to pod while the VPC between the nodes is listened to. */
async function captured(rig: PacketRig, { client, server }: Pods, filter: string): Promise<readonly string[]> {
  const listening = rig.machine.run(
    ["timeout", String(CAPTURE_SECONDS), "tcpdump", "-l", "-n", "-i", "any", "-c", String(PACKETS_SEEN), filter],
    (CAPTURE_SECONDS + 5) * 1000,
  );
  let isOver = false;
  void listening.then(() => {
    isOver = true;
  });
  while (!isOver) await client.ask(server.address, 8080, 2);
  return (await listening).stdout.split("\n").filter((line) => line.includes(" > "));
}

const clear = ({ client, server }: Pods) => `tcp port 8080 and host ${client.address} and host ${server.address}`;
/** Security parameter indexes of captured ESP packets: the numbers of the keys, for whom agents derive one each. */
const indexes = (lines: readonly string[]) =>
  new Set(lines.flatMap((line) => line.match(/spi=(0x[0-9a-f]+)/)?.[1] ?? []));

function step(title: string, run: (bench: Bench, rig: PacketRig, pods: Pods) => Promise<void>): Step {
  return { title, run: async (bench) => run(bench, await PacketRig.of(bench), recall<Pods>(bench, "encrypted")) };
}

async function bothReady(rig: PacketRig): Promise<void> {
  for (const node of rig.nodes) await rig.agentReady(node);
}

/** What leaves a node, looked at where a stranger would stand. */
export const PACKET_ENCRYPTION: Scenario = {
  id: "packets-encryption",
  title: "IPsec: what pods of two nodes send each other is ESP on the wire, and a new key takes over under traffic",
  shows: "packets",
  needs: "a kernel that encrypts with IPsec (ESP)",
  real: true,
  proves: [
    "docs/datapath.md: Where the kernel has ESP, this scenario looks for clear text between two nodes and rotates a key under traffic",
  ],
  environments: ["staging"],
  steps: [
    {
      title: "without encryption, what pods send is read on the way",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await kernelHas(rig, "IPsec");
        const [first = "", second = ""] = rig.nodes;
        await Promise.all([rig.start("server", { node: second }), rig.start("client", { node: first })]);
        const pods = { server: await rig.ready("server", second), client: await rig.ready("client", first) };
        remember(bench, "encrypted", pods);
        const lines = await captured(rig, pods, clear(pods));
        check(lines.length > 0, "nothing was read between the nodes, so that nothing could be missing later");
      },
    },
    {
      title: "the Secret is made by hand, then encryption is switched on in place",
      async run(bench) {
        const rig = await PacketRig.of(bench);
        await rig.client.create(SECRETS, {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: SECRET, namespace: "kube-system" },
          ...key(3),
        });
        // The firewall rule for ESP is the cluster's stack's: without it nothing arrives.
        await carryOut(bench, { edits: ["dataplane=ipsec"], layers: ["cluster", "networking"] });
        await bothReady(rig);
        const status = await rig.inAgent(rig.nodes[0] ?? "", "cilium-dbg", "encrypt", "status");
        checkMatches(status, /Encryption: IPsec/i, "what the agent says of encryption");
        bench.note(status.replace(/\s+/g, " ").trim());
      },
    },
    step(
      "pods reach each other, all of it is ESP between the nodes and nothing is readable",
      async (bench, rig, pods) => {
        await eventually("the server answers", 60, () => pods.client.ask(pods.server.address, 8080));
        const esp = await captured(rig, pods, "esp");
        checkEqual(esp.length, PACKETS_SEEN, "ESP packets between the nodes");
        checkEqual(await captured(rig, pods, clear(pods)), [], "packets of these pods in clear text");
        const seen = await pods.client.ask(pods.server.address, 8080);
        checkEqual(seen?.from, pods.client.address, "what the server sees of the client");
        bench.note(`${esp[0]?.replace(/^.*IP /, "") ?? ""}`);
      },
    ),
    step("a new key takes over while a client goes on, and no connection fails", async (bench, rig, pods) => {
      const before = indexes(await captured(rig, pods, "esp"));
      const client = await pods.client.client(pods.server.address, 8080);
      let after = before;
      try {
        await rig.client.patch(`${SECRETS}/${SECRET}`, key(4));
        await eventually("packets with the new key", 180, async () => {
          after = indexes(await captured(rig, pods, "esp"));
          return [...after].every((index) => !before.has(index)) ? true : undefined;
        });
      } finally {
        const tally = await client.stop();
        bench.note(`${tally.answered} connections, ${tally.failed.length} failed, ${tally.broken.length} broken`);
        checkEqual([tally.failed.length, tally.broken.length], [0, 0], "failed and broken connections");
      }
      bench.note(`key ${[...before]} was followed by ${[...after]}`);
    }),
    step("taken back, it is clear text again, and nothing is left", async (bench, rig, pods) => {
      await carryOut(bench, { takeBack: ["dataplane"], layers: ["networking", "cluster"] });
      await bothReady(rig);
      await eventually("the server answers", 60, () => pods.client.ask(pods.server.address, 8080));
      check((await captured(rig, pods, clear(pods))).length > 0, "nothing is read between the nodes");
      await rig.client.delete(`${SECRETS}/${SECRET}`);
      await rig.cleanUp();
    }),
  ],
};
