import { CiliumVersion, ciliumAgentImage } from "../cilium";
import { lookUp } from "../facts/look-up";
import {
  type CheckTable,
  examine,
  flag,
  isKnown,
  merged,
  type Problem,
  recordOf,
  text,
  wasWrong,
  wholeNumber,
} from "../validation";

export const DEFAULT_NAMESPACE = "kube-system";
export const DEFAULT_INTERVAL_SECONDS = 30;
export const DEFAULT_AGENT_HEALTH_PORT = 9879;
export const DEFAULT_MEMORY_LIMIT = "256Mi";
export const DEFAULT_ROLLOUT_TIMEOUT_SECONDS = 600;

/** What the author of an environment may say about how kube-proxy is removed. */
export interface KubeProxyDisablerOptions {
  /**
   * Image with Bash 5, GNU or compatible coreutils, and iptables in both backends under their own names
   * (`iptables-nft-save`, `ip6tables-legacy-restore` and so on). Any Cilium agent's image of 1.18 or later has them;
   * nothing is installed at run time.
   *
   * @default - in a dataplane the image of its agents, which nodes have anyway: version, mirror and `values.image`
   *   followed; by itself the agent's image of CiliumVersion.DEFAULT by digest
   */
  readonly image?: string;

  /**
   * Seconds between two looks at a node that is as it should be, 5 to 300. A node on its way there is looked at every
   * 5 seconds.
   *
   * @default 30
   */
  readonly intervalSeconds?: number;

  /**
   * Port on which the Cilium agent tells its health on loopback: the release's value `healthPort`.
   *
   * @default 9879
   */
  readonly agentHealthPort?: number;

  /**
   * Most memory that a pod may use, as a Kubernetes quantity. Only the one removal of the rules takes much: about 130 MiB
   * for 5,000 Services with four endpoints each.
   *
   * @default "256Mi"
   */
  readonly memoryLimit?: string;

  /**
   * Labels for every object and pod, besides the `app.kubernetes.io` ones that say what it is.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Namespace for every object. GKE admits pods as critical as these only to kube-system, and elsewhere with a
   * ResourceQuota for the priority class system-node-critical.
   *
   * @default "kube-system"
   */
  readonly namespace?: string;

  /**
   * Whether Terraform waits for the pods: provider kubernetes 2.38 until there is one on every node, newer ones until they
   * are ready. New agents wait for kube-proxy on their own.
   *
   * @default true
   */
  readonly waitForRollout?: boolean;

  /**
   * Seconds that Terraform waits, 60 to 7,200. An update goes through a tenth of the nodes at a time.
   *
   * @default 600
   */
  readonly rolloutTimeoutSeconds?: number;
}

/** The image where none is named: the agent's of the version that is installed by default. */
export function kubeProxyDisablerImage(): string {
  return ciliumAgentImage(CiliumVersion.DEFAULT);
}

const HOST = "(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\\d+)?/)?";
const PATH = "[a-z0-9]+(?:[._-]+[a-z0-9]+)*";
const IMAGE_REFERENCE = new RegExp(
  `^${HOST}${PATH}(?:/${PATH})*(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$`,
);
const QUANTITY = /^[1-9]\d*(Ki|Mi|Gi|k|M|G)?$/;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
/** Labels of ours, and those that make GKE's addon manager delete whatever it does not know. */
const RESERVED_LABELS: Readonly<Record<string, string>> = {
  "app.kubernetes.io/name": "is what the DaemonSet finds its pods by",
  "kubernetes.io/cluster-service": "makes GKE's addon manager delete the object",
  "addonmanager.kubernetes.io/mode": "makes GKE's addon manager delete the object",
};

/** What the options must look like. */
export const KUBE_PROXY_DISABLER_OPTIONS: CheckTable<KubeProxyDisablerOptions> = {
  image: text(),
  intervalSeconds: wholeNumber({ from: 5, to: 300 }),
  agentHealthPort: wholeNumber({ from: 1, to: 65_535 }),
  memoryLimit: text({ matches: QUANTITY, rule: "is not a whole quantity of memory", remedy: "write it like 256Mi" }),
  labels: merged(recordOf(text({ matches: () => true, rule: "", remedy: "write it as text" }))),
  namespace: text({
    matches: DNS_LABEL,
    rule: "is not a name for a namespace",
    remedy: "use at most 63 lower case letters, digits and hyphens",
  }),
  waitForRollout: flag(),
  rolloutTimeoutSeconds: wholeNumber({ from: 60, to: 7_200 }),
};

/** Everything that is wrong with the options. */
export function kubeProxyDisablerProblems(given: KubeProxyDisablerOptions): Problem[] {
  const { problems, options } = examine(given, KUBE_PROXY_DISABLER_OPTIONS);
  return [...problems, ...kubeProxyDisablerRules(options)];
}

/** What is wrong beyond the kind of each option. */
export function kubeProxyDisablerRules({ image, labels = {} }: KubeProxyDisablerOptions): Problem[] {
  return [
    ...imageProblems(image),
    ...(isKnown(labels) ? Object.entries(labels).flatMap(([key, value]) => labelProblems(key, value)) : []),
  ];
}

/** What works but deserves a sentence. */
export function kubeProxyDisablerWarnings(options: KubeProxyDisablerOptions): string[] {
  const { namespace = DEFAULT_NAMESPACE } = options;
  if (namespace === DEFAULT_NAMESPACE) return [];
  return [
    `namespace ${namespace} needs a ResourceQuota for the priority class system-node-critical, or GKE admits no pod of the kube-proxy disabler`,
  ];
}

function imageProblems(image: string | undefined): Problem[] {
  if (image === undefined || wasWrong(image)) return [];
  const problem = (rule: string, remedy: string): Problem[] => [{ property: "image", value: image, rule, remedy }];
  // It also stands in the agent's init container, in a list that Terraform could not read with a token in it.
  if (!isKnown(image))
    return [{ property: "image", rule: "is not known at synth", remedy: "write the reference as plain text" }];
  const groups = IMAGE_REFERENCE.exec(image)?.groups;
  if (groups === undefined) return problem("is not an image reference", "write it like registry/path/cilium:v1.20.2");
  const { tag, digest } = groups;
  if (digest === undefined && (tag === undefined || tag === "latest"))
    return problem("is not pinned to a version", "add a tag other than latest, or a digest");
  return [];
}

function labelProblems(key: string, value: string): Problem[] {
  const property = `labels["${key}"]`;
  const reserved = lookUp(RESERVED_LABELS, key);
  if (reserved !== undefined) return [{ property, value, rule: reserved, remedy: "leave it out" }];
  if (!LABEL_KEY.test(key))
    return [{ property, rule: "is not a label's key", remedy: "write it like example.com/team" }];
  if (isKnown(value) && !LABEL_VALUE.test(value))
    return [
      {
        property,
        value,
        rule: "is not a label's value",
        remedy: "use at most 63 letters, digits, dots, hyphens and underscores",
      },
    ];
  return [];
}
