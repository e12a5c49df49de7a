import { cacheDirectory } from "../paths";
import type { ProcessLedger } from "../processes";
import { ensure, REAL_NODE_PROGRAMS, type ToolchainOptions } from "../toolchain";
import { realNodesWanted } from "./option";
import { RealNodes } from "./real-nodes";
import { findCilium } from "./requirements/cilium";
import { missingOnMachine } from "./requirements/machine";
import { RealNodesUnavailable } from "./requirements/missing";

export interface FindOptions {
  /** Where Cilium's programs are laid out as in its image. */
  readonly directory: string;
  /** Cilium's version. */
  readonly version: string;
  /** Where networks have their directories. */
  readonly networks: string;
  readonly ledger: ProcessLedger;
  readonly toolchain: ToolchainOptions;
}

/**
 * What makes real nodes, or undefined where nobody asks for any.
 *
 * @throws RealNodesUnavailable naming all that is missing, with the remedy of each.
 */
export async function findRealNodes(options: FindOptions): Promise<RealNodes | undefined> {
  const { environment = process.env, reporter } = options.toolchain;
  const perCluster = realNodesWanted(environment);
  if (perCluster === 0) return undefined;
  const onMachine = await missingOnMachine();
  // Cilium's image for a mesh has the program that the control plane runs as well.
  const { etcd } = await ensure(["etcd"], options.toolchain);
  const files = await findCilium({
    version: options.version,
    directory: options.directory,
    cache: options.toolchain.cache ?? cacheDirectory(),
    environment,
    others: { etcd },
    onProgress: (line) => reporter?.line(`  ${line}`),
  });
  const missing = [...onMachine, ...("directory" in files ? [] : files)];
  if (missing.length > 0 || !("directory" in files)) throw new RealNodesUnavailable(missing);
  const programs = await ensure(REAL_NODE_PROGRAMS, options.toolchain);
  return new RealNodes({
    perCluster,
    ledger: options.ledger,
    directory: options.networks,
    images: { wholeImage: files.isWhole, programs: files.programs },
    programs: {
      ciliumImage: files.directory,
      imageIsWhole: files.isWhole,
      plugins: {
        "kube-proxy": programs["kube-proxy"],
        ptp: programs["cni-ptp"],
        loopback: programs["cni-loopback"],
        "host-local": programs["cni-host-local"],
        portmap: programs["cni-portmap"],
      },
    },
  });
}
