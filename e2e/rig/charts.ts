import { existsSync, readdirSync } from "node:fs";
import { CiliumVersion } from "../../lib/cilium";
import { CHARTS_VARIABLE } from "../../sandbox/runtime";

/** Newest version of the minor before the default one among the archives that the user names, if there is one. */
export function olderCiliumChart(environment: NodeJS.ProcessEnv): string | undefined {
  const directory = environment[CHARTS_VARIABLE];
  if (!directory || !existsSync(directory)) return undefined;
  const wanted = CiliumVersion.DEFAULT.minor - 1;
  return readdirSync(directory)
    .flatMap((name) => /^cilium-(\d+\.\d+\.\d+)\.tgz$/.exec(name)?.[1] ?? [])
    .map((version) => CiliumVersion.of(version))
    .filter(({ major, minor }) => major === CiliumVersion.DEFAULT.major && minor === wanted)
    .sort((a, b) => b.compare(a))[0]
    ?.toString();
}
