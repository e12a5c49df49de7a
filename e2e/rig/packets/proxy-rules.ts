import { checkEqual, eventuallyHolds } from "../../harness/check";
import type { PacketRig } from "./packet-rig";

/** Chains of kube-proxy, and of nobody else. */
const CHAINS =
  /^:KUBE-(SERVICES|NODEPORTS|POSTROUTING|MARK-MASQ|EXTERNAL-SERVICES|FORWARD|PROXY-FIREWALL|SVC-|SEP-|EXT-)/m;

/** The rules stay for a minute after the agent serves, and the remover looks every half minute. */
const REMOVER_SECONDS = 150;

/** Whether a node has kube-proxy's rules. */
export async function hasProxyRules(rig: PacketRig, node: string): Promise<boolean> {
  const { stdout } = await rig.onNode(node).run(["iptables-save"]);
  return CHAINS.test(stdout);
}

/** Waits until the remover has come to the rules of every node: on one that is new or rebooted they stay for a while. */
export async function proxyRulesGone(rig: PacketRig): Promise<void> {
  for (const node of rig.nodes)
    await eventuallyHolds(REMOVER_SECONDS, async () => {
      checkEqual(await hasProxyRules(rig, node), false, `whether ${node} has rules of kube-proxy`);
    });
}
