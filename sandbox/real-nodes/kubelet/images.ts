import { join } from "node:path";
import { NAMES_FILE } from "./names";
import type { FullContainer } from "./pod";

/** How a container is run for real. */
export interface Runnable {
  /** Directories whose files it sees, the first on top; none for the node's own files. */
  readonly layers: readonly string[];
  /** What is run where the pod names no command. */
  readonly entrypoint: readonly string[];
  /** Directories in front of PATH. */
  readonly path?: string;
  /** What the image itself puts into the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where a node has what is in Cilium's image. */
const CILIUM_IMAGE = "/run/sandbox/image";
/** Links to it, to be laid over the machine's own files. */
const CILIUM_LINKS = "/run/sandbox/layer";

/** Images of the sandbox's own: their programs are the node's files, in the network of the pod. */
export const SANDBOX_IMAGES = "sandbox.local/";

/**
 * What the image of node-init does: it runs the script of its environment on the node, once for each text, and looks
 * again every minute. https://github.com/kubernetes-retired/contrib/tree/master/startup-script
 */
const STARTUP = `
mark="/tmp/startup-script.kubernetes.io_$(md5sum <<<"$STARTUP_SCRIPT" | cut -c-32)"
while :; do
  if [[ ! -e $mark ]]; then
    if nsenter --target 1 --mount --net --pid --uts -- bash -c "$STARTUP_SCRIPT"; then : >"$mark"; else echo "startup-script failed"; fi
  fi
  sleep 60
done`;

/** The DNS server, as the node sees it: nodes have the machine's own files below theirs. */
const DNS_SERVER = join(__dirname, "..", "programs", "dns-server.js");

/** Hubble's command line asks the agent's own socket. */
const HUBBLE = { HUBBLE_SERVER: "unix:///var/run/cilium/hubble.sock" };

/** What a runtime needs to know of images. */
export interface ImageOptions {
  /** Whether {@link CILIUM_IMAGE} is a whole file system, not only Cilium's programs for the machine's own. */
  readonly wholeImage: boolean;
  /** Programs of Cilium's that were found, by name. */
  readonly programs: ReadonlySet<string>;
}

/** Directories that make up the file system of Cilium's image. */
export function ciliumLayers({ wholeImage }: ImageOptions): readonly string[] {
  return wholeImage ? [CILIUM_IMAGE] : [CILIUM_LINKS, "/"];
}

/** How a container is run, or undefined for one that is only played: it becomes ready and does nothing. */
export function runnable(container: FullContainer, images: ImageOptions): Runnable | undefined {
  const { programs } = images;
  const layers = ciliumLayers(images);
  const { image } = container;
  const name = image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
  if (image.startsWith(SANDBOX_IMAGES)) return { layers: [], entrypoint: [] };
  if (/\/kube-proxy(-amd64)?$/.test(name)) return { layers: [], entrypoint: [], path: "/home/kubernetes/bin" };
  // GKE's DNS for pods: names of Services are what programs of Cilium ask for.
  if (/\/k8s-dns-dnsmasq-nanny$/.test(name))
    return { layers: [], entrypoint: [process.execPath, DNS_SERVER, "53", NAMES_FILE] };
  if (/\/startup-script$/.test(name)) return { layers: [], entrypoint: ["bash", "--norc", "-c", STARTUP] };
  if (/\/cilium\/cilium(-ci)?$/.test(name)) return { layers, entrypoint: ["cilium-dbg"], environment: HUBBLE };
  const others: readonly [image: RegExp, programs: readonly string[], entrypoint: readonly string[]][] = [
    [/\/cilium\/operator(-\w+)?$/, ["cilium-operator-generic"], []],
    [/\/cilium\/hubble-relay$/, ["hubble-relay"], ["hubble-relay"]],
    [/\/cilium\/clustermesh-apiserver$/, ["clustermesh-apiserver", "etcd"], ["clustermesh-apiserver"]],
    [/\/cilium\/certgen$/, ["cilium-certgen"], ["cilium-certgen"]],
    [/\/cilium\/cilium-envoy$/, ["cilium-envoy"], ["cilium-envoy-starter"]],
  ];
  for (const [pattern, needed, entrypoint] of others)
    if (pattern.test(name) && needed.every((program) => programs.has(program))) return { layers, entrypoint };
  return undefined;
}
