import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RealNode } from "../node/real-node";
import type { ContainerPort, FullPod } from "./pod";

const CONFIGURATIONS = "/etc/cni/net.d";
const BINARIES = "/home/kubernetes/bin";

interface PluginConfiguration {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A network configuration as a runtime reads it. */
export interface NetworkConfiguration {
  /** Its file, without the directory. */
  readonly file: string;
  readonly name: string;
  readonly cniVersion: string;
  readonly plugins: readonly PluginConfiguration[];
}

/** What a pod got from the plugins. */
export interface Attachment {
  /** The address, without prefix length. */
  readonly address: string;
  readonly configuration: NetworkConfiguration;
  readonly result: object;
}

/** Network of a pod that is given one, or loses it. */
export interface PodNetwork {
  readonly pod: FullPod;
  /** Id of the pod's sandbox: another one for each time that it is made. */
  readonly id: string;
  /** Path of its network namespace, as the node has it. */
  readonly path: string;
}

/**
 * The configuration that containerd would choose: the first file by name with an ending it reads that it understands.
 * https://github.com/containerd/go-cni/blob/main/opts.go
 */
export function chooseConfiguration(files: Readonly<Record<string, string>>): NetworkConfiguration | undefined {
  for (const file of Object.keys(files).sort()) {
    if (!/\.(conf|conflist|json)$/.test(file)) continue;
    const parsed = parse(files[file] ?? "");
    if (!parsed) continue;
    const { name, cniVersion = "0.1.0", plugins, type } = parsed;
    const list = plugins ?? (type ? [parsed as PluginConfiguration] : []);
    if (!name || list.length === 0) continue;
    return { file, name, cniVersion, plugins: list };
  }
  return undefined;
}

interface Parsed {
  readonly name?: string;
  readonly cniVersion?: string;
  readonly type?: string;
  readonly plugins?: readonly PluginConfiguration[];
}

function parse(text: string): Parsed | undefined {
  try {
    return JSON.parse(text) as Parsed;
  } catch {
    return undefined;
  }
}

/** The configuration on a node at this moment, if there is one. */
export function configurationOf(node: RealNode): NetworkConfiguration | undefined {
  const directory = node.file(CONFIGURATIONS);
  const files = readdirSync(directory).map((file) => [file, readIfThere(`${directory}/${file}`)] as const);
  return chooseConfiguration(Object.fromEntries(files));
}

/**
 * What containerd does when the kubelet tells it the range of the node's pods: where there is no configuration and it
 * has a template, it writes one.
 */
export function writeFromTemplate(node: RealNode): void {
  const config = readIfThere(node.file("/etc/containerd/config.toml"));
  const template = config.match(/^\s+conf_template = "(.*)"/m)?.[1];
  if (!template || configurationOf(node)) return;
  const text = readIfThere(node.file(template)).replaceAll("{{.PodCIDR}}", node.machine.podCidr);
  if (text) writeFileSync(node.file(`${CONFIGURATIONS}/10-containerd-net.conflist`), text);
}

/** Gives a pod its network. @throws Error with what the plugin says. */
export async function attach(node: RealNode, network: PodNetwork): Promise<Attachment> {
  const configuration = configurationOf(node);
  if (!configuration) throw new Error("cni plugin not initialized");
  await loopback(node, network, "ADD");
  let result: object | undefined;
  for (const plugin of configuration.plugins)
    result = await call(node, network, "ADD", request(configuration, plugin, network, result));
  const address = addressOf(result);
  if (!result || !address) throw new Error(`${configuration.file} gives no address: ${JSON.stringify(result)}`);
  return { address, configuration, result };
}

/** Takes a pod's network away, by the configuration that it was given by. */
export async function detach(node: RealNode, network: PodNetwork, attachment: Attachment): Promise<void> {
  const { configuration, result } = attachment;
  for (const plugin of [...configuration.plugins].reverse())
    await call(node, network, "DEL", request(configuration, plugin, network, result));
}

function addressOf(result: object | undefined): string | undefined {
  const { ips } = (result ?? {}) as { ips?: readonly { address: string }[] };
  return ips?.[0]?.address.split("/")[0];
}

function request(
  { name, cniVersion }: NetworkConfiguration,
  plugin: PluginConfiguration,
  { pod }: PodNetwork,
  prevResult: object | undefined,
): object {
  const capabilities = (plugin["capabilities"] ?? {}) as Record<string, boolean>;
  const ports = hostPorts(pod);
  return {
    ...plugin,
    name,
    cniVersion,
    ...(capabilities["portMappings"] && ports.length > 0 ? { runtimeConfig: { portMappings: ports } } : {}),
    ...(prevResult ? { prevResult } : {}),
  };
}

function hostPorts({ spec }: FullPod): object[] {
  const ports: readonly ContainerPort[] = spec.containers.flatMap((container) => container.ports ?? []);
  return ports
    .filter(({ hostPort }) => hostPort)
    .map(({ hostPort, containerPort, protocol = "TCP" }) => ({
      hostPort,
      containerPort,
      protocol: protocol.toLowerCase(),
    }));
}

function loopback(node: RealNode, network: PodNetwork, verb: "ADD"): Promise<object | undefined> {
  return call(node, network, verb, { cniVersion: "0.3.1", name: "cni-loopback", type: "loopback" }, "lo");
}

async function call(
  node: RealNode,
  { pod, id, path }: PodNetwork,
  verb: "ADD" | "DEL",
  configuration: object,
  device = "eth0",
): Promise<object | undefined> {
  const { type } = configuration as PluginConfiguration;
  const { name, namespace, uid } = pod.metadata;
  const names = { K8S_POD_NAMESPACE: namespace, K8S_POD_NAME: name, K8S_POD_UID: uid };
  const { code, stdout, stderr } = await node.namespace.run([`${BINARIES}/${type}`], {
    input: JSON.stringify(configuration),
    timeout: 90_000,
    environment: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      CNI_COMMAND: verb,
      CNI_CONTAINERID: id,
      CNI_NETNS: path,
      CNI_IFNAME: device,
      CNI_PATH: BINARIES,
      CNI_ARGS: ["IgnoreUnknown=1", ...Object.entries(names).map((entry) => entry.join("="))].join(";"),
    },
  });
  if (code !== 0) {
    const said = parse(stdout) as { msg?: string; details?: string } | undefined;
    throw new Error(
      `plugin type="${type}" failed (${verb.toLowerCase()}): ${[said?.msg, said?.details].filter(Boolean).join(": ") || stderr.trim() || stdout.trim()}`,
    );
  }
  return stdout.trim() === "" ? undefined : (JSON.parse(stdout) as object);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
