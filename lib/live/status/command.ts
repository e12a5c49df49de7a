import { readArguments } from "../arguments";
import type { Asked } from "../asked";
import { type LiveContext, runLive } from "../context";
import { EXIT_CODES } from "../failure";
import { Kubectl } from "../kubectl";
import { keyOf, type Policy, type Service } from "../objects";
import { agentFindings } from "./agents";
import { about, type StatusFinding } from "./finding";
import { nodeFindings } from "./nodes";
import { renderStatus } from "./render";
import { certificateFindings, policyFindings, serviceFindings } from "./services";
import { type ClusterSnapshot, type PolicyKind, takeSnapshot } from "./snapshot";
import { kubeProxyFindings, podFindings } from "./workloads";

export const STATUS_HELP = `gke-cilium status: whether a running cluster is what was asked for

Usage
  gke-cilium status <environment> [options]    reads what was synthesized, asks the cluster, changes nothing

  --services        every Service with its addresses, and what an agent makes of it
  --context <name>  a context of your kubeconfig, in place of the login of the environment's connection
  --output <dir>    what cdktf has written                                                 (cdktf.out)
  --json            findings, Services and policies as data

It needs kubectl (or the program that KUBECTL names) and the login that Terraform has: GOOGLE_OAUTH_ACCESS_TOKEN, or
gcloud's application default credentials; then gke-gcloud-auth-plugin, where the connection says so.

Exit codes: 0 as asked, 2 something is wrong, 1 error; not asked because there is no 3 tool, 4 login, 5 way to the
cluster, 6 right; 130 interrupted
`;

/** Everything that can be said of a snapshot. */
export function statusFindings(snapshot: ClusterSnapshot, asked: Asked, now: Date): StatusFinding[] {
  return [
    ...nodeFindings(snapshot, asked, now),
    ...agentFindings(snapshot, asked),
    ...podFindings(snapshot, asked),
    ...kubeProxyFindings(snapshot, asked),
    ...certificateFindings(snapshot, now),
    ...serviceFindings(snapshot),
    ...policyFindings(snapshot),
  ];
}

/** Runs `gke-cilium status`. @returns the exit code. */
export async function statusCommand(args: readonly string[], given?: LiveContext): Promise<number> {
  return runLive("status", (context) => status(args, context), given, args.includes("--json"));
}

async function status(args: readonly string[], context: LiveContext): Promise<number> {
  const { values, asked: read } = readArguments("status", args, {
    services: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (values.help) {
    context.print(STATUS_HELP);
    return EXIT_CODES.fine;
  }
  const began = performance.now();
  const asked = read(context);
  const kubectl = await Kubectl.open(asked, context, values.context);
  try {
    const snapshot = await takeSnapshot(await kubectl.api(), asked);
    const findings = statusFindings(snapshot, asked, context.now());
    const byAgent = values.services ? await servicesOfAgent(kubectl, snapshot) : undefined;
    if (byAgent?.finding) findings.push(byAgent.finding);
    const wrong = findings.some(({ state }) => state === "wrong");
    if (values.json) context.print(asJson(asked, findings, snapshot));
    else {
      const title = `${asked.environment}: ${asked.cluster} in ${asked.location}`;
      if (values.services) context.print(renderServices(snapshot, byAgent?.printed));
      context.print(renderStatus(title, findings, (performance.now() - began) / 1000, context));
    }
    return wrong ? EXIT_CODES.wrong : EXIT_CODES.fine;
  } finally {
    kubectl.close();
  }
}

/** The load-balancing table of one agent, which only the agent itself can tell. */
async function servicesOfAgent(
  kubectl: Kubectl,
  { place }: ClusterSnapshot,
): Promise<{ readonly printed?: string; readonly finding?: StatusFinding }> {
  const program = place.daemonSet === "anetd" ? "cilium" : "cilium-dbg";
  const { code, stdout, stderr } = await kubectl.run([
    "exec",
    "--namespace",
    place.namespace,
    `daemonset/${place.daemonSet}`,
    "--container",
    "cilium-agent",
    "--",
    program,
    "service",
    "list",
  ]);
  if (code === 0) return { printed: stdout };
  const said = stderr.trim().split("\n").at(-1) ?? `ended with ${code}`;
  return {
    finding: about("services").doubt(
      "service list of an agent",
      `cannot be seen: ${said}`,
      "look at konnectivity-agent and at your right to pods/exec; what the API server knows is told all the same",
    ),
  };
}

function renderServices({ services }: ClusterSnapshot, byAgent: string | undefined): string {
  if (byAgent !== undefined) return `${byAgent.trimEnd()}\n\n`;
  const lines = (services.is ?? []).map(
    (service) => `${keyOf(service)}  ${service.spec?.type ?? "ClusterIP"}  ${addressesOf(service).join(", ")}`,
  );
  return `${lines.join("\n")}\n\n`;
}

function addressesOf({ spec, status }: Service): string[] {
  const outside = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const ports = (spec?.ports ?? []).map(({ port, protocol = "TCP" }) => `${port}/${protocol}`);
  return [spec?.clusterIP, ...outside]
    .filter((address) => address !== undefined)
    .map((address) => `${address} ${ports.join(" ")}`);
}

function asJson(asked: Asked, findings: readonly StatusFinding[], snapshot: ClusterSnapshot): string {
  const { environment, project, location, cluster } = asked;
  const policies = snapshot.policies.is ?? {};
  const data = {
    environment,
    project,
    location,
    cluster,
    ok: !findings.some(({ state }) => state === "wrong"),
    findings,
    services: (snapshot.services.is ?? []).map((service) => ({
      name: keyOf(service),
      type: service.spec?.type ?? "ClusterIP",
      addresses: addressesOf(service),
    })),
    policies: Object.fromEntries(
      (Object.entries(policies) as [PolicyKind, readonly Policy[]][]).map(([kind, objects]) => [
        kind,
        objects.map(keyOf),
      ]),
    ),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}
