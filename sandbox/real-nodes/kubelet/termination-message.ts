import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectories } from "../../../lib/make-directories";
import type { RealNode } from "../node/real-node";
import type { FullContainer, FullPod } from "./pod";

/** What a kubelet takes of it. */
const LONGEST = 4096;

/** A file of the node, and where the container sees it. */
export interface MessageFile {
  readonly source: string;
  readonly target: string;
}

/**
 * The file of a container's termination message; it is made where it is not there yet. Below /dev there is none: that is
 * this machine's.
 */
export function terminationMessageFile(
  node: RealNode,
  { metadata: { uid } }: FullPod,
  { name, terminationMessagePath: target = "" }: FullContainer,
): MessageFile | undefined {
  if (target === "" || target.startsWith("/dev/")) return undefined;
  const source = `/var/lib/kubelet/pods/${uid}/containers/${name}/termination-log`;
  const file = node.file(source);
  if (!existsSync(file)) {
    makeDirectories(dirname(file));
    writeFileSync(file, "");
    // Whoever the container runs as.
    chmodSync(file, 0o666);
  }
  return { source, target };
}

/** What a container said with its end. */
export function readTerminationMessage(node: RealNode, pod: FullPod, container: FullContainer): string | undefined {
  const file = terminationMessageFile(node, pod, container);
  return file && readFileSync(node.file(file.source), "utf8").slice(0, LONGEST);
}
