import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type LiveContext, say } from "../context";
import { EXIT_CODES, Failure, failureOf } from "../failure";
import type { KubeApi } from "../kube-api";
import { firstLine, type Kubectl } from "../kubectl";
import { type Relay, relayCertificates } from "./way";

const INSTALL = "https://docs.cilium.io/en/stable/observability/hubble/setup/#install-the-hubble-client";

/** Prints flows until they end, or the command is interrupted. @returns the exit code. @throws Failure */
export async function observe(
  kubectl: Kubectl,
  api: KubeApi,
  relay: Relay,
  args: readonly string[],
  context: LiveContext,
): Promise<number> {
  if (relay.managed)
    return inPod(kubectl, ["deployment/hubble-relay", "--container", "hubble-cli"], relay, args, context);
  const program = context.variables["HUBBLE"] || "hubble";
  if (context.run(program, ["version"]) !== undefined) return fromHere(program, kubectl, api, relay, args, context);
  if (relay.serverName !== undefined)
    throw new Failure("tool", "the relay speaks TLS, and Hubble's command line is not on the PATH", INSTALL);
  // Agents have the command line, and see the relay's address; without it they would tell flows of their own node only.
  const server = ["--server", `${relay.clusterIp}:${relay.port}`];
  return inPod(kubectl, ["daemonset/cilium", "--container", "cilium-agent"], relay, [...server, ...args], context);
}

/** By a hubble that is in the cluster. */
async function inPod(
  kubectl: Kubectl,
  where: readonly string[],
  { namespace }: Relay,
  args: readonly string[],
  context: LiveContext,
): Promise<number> {
  const child = kubectl.start(["exec", "--namespace", namespace, ...where, "--", "hubble", "observe", ...args]);
  return follow(child, "kubectl exec", context);
}

/** By the hubble of this machine, through a port of its own. */
async function fromHere(
  program: string,
  kubectl: Kubectl,
  api: KubeApi,
  relay: Relay,
  args: readonly string[],
  context: LiveContext,
): Promise<number> {
  const tls = relay.serverName === undefined ? [] : await tlsArguments(kubectl, api, relay, relay.serverName);
  const port = await forward(kubectl, relay.namespace, "hubble-relay", relay.port);
  const words = ["observe", "--server", `127.0.0.1:${port}`, ...tls, ...args];
  say(context, `${program} ${words.join(" ")}`);
  const child = spawn(program, words, {
    env: context.variables as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return follow(child, program, context);
}

async function tlsArguments(kubectl: Kubectl, api: KubeApi, relay: Relay, serverName: string): Promise<string[]> {
  const { authority, certificate, key } = await relayCertificates(api, relay);
  const write = (name: string, text: string) => {
    const path = join(kubectl.directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const own =
    certificate && key
      ? ["--tls-client-cert-file", write("client.crt", certificate), "--tls-client-key-file", write("client.key", key)]
      : [];
  return ["--tls", "--tls-ca-cert-files", write("ca.crt", authority), "--tls-server-name", serverName, ...own];
}

/** Makes a Service answer on a free port of this machine. @returns the port. @throws Failure */
export async function forward(kubectl: Kubectl, namespace: string, service: string, port: number): Promise<number> {
  const child = kubectl.start([
    "port-forward",
    "--address",
    "127.0.0.1",
    "--namespace",
    namespace,
    `service/${service}`,
    `:${port}`,
  ]);
  const line = await firstLine(child, /Forwarding from 127\.0\.0\.1:\d+/, "kubectl port-forward");
  return Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
}

/** Passes on what a program prints. */
function follow(child: ReturnType<typeof spawn>, name: string, context: LiveContext): Promise<number> {
  return new Promise((resolve, reject) => {
    let complaint = "";
    const interrupt = () => child.kill();
    context.signal.addEventListener("abort", interrupt, { once: true });
    if (context.signal.aborted) interrupt();
    child.stdout?.on("data", (chunk: Buffer) => context.print(String(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => {
      complaint += chunk;
      context.warn(String(chunk));
    });
    child.once("error", (error) => reject(new Failure("tool", `${name} does not start: ${error.message}`, INSTALL)));
    child.once("close", (code) => {
      context.signal.removeEventListener("abort", interrupt);
      if (code === 0 || context.signal.aborted) resolve(EXIT_CODES.fine);
      else reject(failureOf(complaint, name));
    });
  });
}
