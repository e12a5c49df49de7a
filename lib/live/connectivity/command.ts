import { readArguments } from "../arguments";
import type { Asked } from "../asked";
import { type LiveContext, runLive } from "../context";
import { EXIT_CODES, Failure } from "../failure";
import type { KubeApi } from "../kube-api";
import { Kubectl } from "../kubectl";
import { count, isTrue, type KubeNode, type Workload } from "../objects";
import { placeOf } from "../status/snapshot";
import { type Result, tryNetwork } from "./run";

/** Answers on a port that hardly anybody blocks, and needs no DNS to be found. */
const INTERNET = "8.8.8.8:443";
/** Where Google runs Cilium, its image is not ours to run. */
const AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.53";
const TIMEOUT_SECONDS = 90;

export const CONNECTIVITY_HELP = `gke-cilium connectivity: whether the network of a running cluster does what it should, from inside

Usage
  gke-cilium connectivity <environment> [options]    makes five small pods in a namespace of their own, and deletes it

Tried are: a pod on the same node and on another one, a Service, DNS, the API server, the internet, and a NetworkPolicy that
allows one client and denies another.

  --image <image>     for the pods: Cilium's, or agnhost     (the agents' own; on Dataplane V2 agnhost)
  --node <name>       from and to these nodes; repeat for the other one (two that take pods, in two zones if there are)
  --internet <where>  host:port, or none                     (${INTERNET})
  --timeout <seconds> for pods to start and to answer        (${TIMEOUT_SECONDS})
  --context <name>    a context of your kubeconfig, in place of the login of the environment's connection
  --output <dir>      what cdktf has written                 (cdktf.out)
  --json              the results as data

It needs kubectl (or the program that KUBECTL names), and the right to make namespaces, pods, Services and policies:
roles/container.developer, or more.

Exit codes: 0 all as it should be, 2 something is not, 1 error; not tried because there is no 3 tool, 4 login, 5 way to
the cluster, 6 right; 130 interrupted
`;

/** Runs `gke-cilium connectivity`. @returns the exit code. */
export async function connectivityCommand(args: readonly string[], given?: LiveContext): Promise<number> {
  return runLive("connectivity", (context) => connectivity(args, context), given, args.includes("--json"));
}

async function connectivity(args: readonly string[], context: LiveContext): Promise<number> {
  const { values, asked: read } = readArguments("connectivity", args, {
    image: { type: "string" },
    internet: { type: "string" },
    node: { type: "string", multiple: true },
    timeout: { type: "string" },
    json: { type: "boolean" },
  });
  if (values.help) {
    context.print(CONNECTIVITY_HELP);
    return EXIT_CODES.fine;
  }
  const timeoutSeconds = Number(values.timeout ?? TIMEOUT_SECONDS);
  if (!(timeoutSeconds > 0))
    throw new Failure("error", `--timeout ${values.timeout} is no number of seconds`, "give 60, say");
  const internet = values.internet ?? INTERNET;
  if (internet !== "none" && !/^[^\s:]+:\d+$/.test(internet))
    throw new Failure("error", `--internet ${internet} is neither host:port nor none`, `give ${INTERNET}, say`);
  const asked = read(context);
  const { environment } = asked;
  const began = performance.now();
  const kubectl = await Kubectl.open(asked, context, values.context);
  try {
    const api = await kubectl.api();
    const [nodes, image] = await Promise.all([
      openNodes(api, asked, values.node ?? []),
      values.image ?? agentImage(api, asked),
    ]);
    const results = await tryNetwork(api, context, {
      image,
      nodes,
      internet: internet === "none" ? undefined : internet,
      timeoutSeconds,
    });
    const failed = results.some(({ ok }) => !ok);
    context.print(
      values.json
        ? `${JSON.stringify({ environment, ok: !failed, nodes: nodes.map(({ metadata }) => metadata.name), results }, null, 2)}\n`
        : render(asked, nodes, results, (performance.now() - began) / 1000, context.colours),
    );
    return failed ? EXIT_CODES.wrong : EXIT_CODES.fine;
  } finally {
    kubectl.close();
  }
}

/** Two nodes that take pods, in two zones where there are. @throws Failure where there is none. */
async function openNodes(api: KubeApi, { cilium }: Asked, names: readonly string[]): Promise<readonly KubeNode[]> {
  const startupTaint = cilium?.values["agentNotReadyTaintKey"];
  const open = (await api.list<KubeNode>("/api/v1/nodes")).filter(
    (node) =>
      isTrue(node, "Ready") &&
      node.spec?.unschedulable !== true &&
      !node.spec?.taints?.some(({ key }) => key === startupTaint),
  );
  if (names.length > 0) {
    const named = names.map((name) => open.find(({ metadata }) => metadata.name === name));
    const missing = names.find((_, index) => named[index] === undefined);
    if (missing !== undefined)
      throw new Failure("error", `node ${missing} is not there or takes no pods`, "kubectl get nodes lists them");
    return named.flatMap((node) => node ?? []).slice(0, 2);
  }
  const [first] = open;
  if (first === undefined)
    throw new Failure("error", "no node takes pods", "gke-cilium status says why; let a pool have at least one node");
  const zone = (node: KubeNode) => node.metadata.labels?.["topology.kubernetes.io/zone"];
  const second = open.find((node) => zone(node) !== zone(first)) ?? open[1];
  return second === undefined ? [first] : [first, second];
}

/** The image that every node has already, whatever registry it came from. */
async function agentImage(api: KubeApi, asked: Asked): Promise<string> {
  if (asked.cilium === undefined) return AGNHOST;
  const { namespace, daemonSet } = placeOf(asked);
  const agents = await api.find<Workload>(`/apis/apps/v1/namespaces/${namespace}/daemonsets/${daemonSet}`);
  return agents?.spec?.template?.spec?.containers?.find(({ name }) => name === "cilium-agent")?.image ?? AGNHOST;
}

function render(
  { environment, cluster }: Asked,
  nodes: readonly KubeNode[],
  results: readonly Result[],
  seconds: number,
  colours: boolean,
): string {
  const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = results.flatMap(({ ok, title, detail, remedy }) => [
    `  ${ok ? paint(32, "✓") : paint(31, "✗")} ${title}: ${detail}`,
    ...(remedy === undefined ? [] : [`      ${remedy}`]),
  ]);
  const failed = results.filter(({ ok }) => !ok).length;
  const verdict = failed === 0 ? "The network does what it should." : `${count(failed, "thing")} wrong.`;
  const between = nodes.map(({ metadata }) => metadata.name).join(" and ");
  return `${paint(1, `${environment}: ${cluster}, from pods on ${between}`)}\n${lines.join("\n")}\n\n${verdict} (${seconds.toFixed(1)} s)\n`;
}
