/**
 * What switching encryption between nodes on, off or over does to a cluster that runs: told by the preview, by
 * `docs/datapath.md` and by the options' own comments.
 *
 * Agents restart one by one. A node that encrypts sends an encrypted packet to a node that does not know of it yet, and
 * the other way round, and each drops what it cannot read.
 */
export const ENCRYPTION_CHANGE = {
  consequence:
    "Encrypted and plain nodes drop each other's packets during the rollout; total loss of connectivity was reported.",
  remedy: "Plan an outage, or roll over to new nodes.",
  /** Users of another cloud's module, who switched it on a cluster that ran. */
  sources: [
    "https://github.com/hcloud-k8s/terraform-hcloud-kubernetes/issues/242",
    "https://github.com/hcloud-k8s/terraform-hcloud-kubernetes/issues/146",
  ],
  /** The same of clear text that is dropped from now on. */
  strictConsequence:
    "What a node cannot encrypt yet is dropped: packets to new nodes and pods until they are known, and everything between nodes of which one has no tunnel.",
  strictRemedy:
    "See encryption run on all nodes first (cilium-dbg encrypt status), then switch strict mode on at a quiet time.",
  /** Keys of the chart that change what of the traffic is encrypted, without which nothing else below `encryption` counts. */
  switches: ["encryption.enabled", "encryption.type", "encryption.nodeEncryption"],
  /** Keys by which clear text is dropped. */
  strict: [
    "encryption.strictMode.enabled",
    "encryption.strictMode.cidr",
    "encryption.strictMode.egress.enabled",
    "encryption.strictMode.egress.cidr",
    "encryption.strictMode.ingress.enabled",
  ],
} as const;
