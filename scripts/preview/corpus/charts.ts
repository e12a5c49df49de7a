import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type AssetModule, moduleFiles, packaged } from "../../../sandbox/toolchain/assets";

/** The versions of Cilium's chart that the corpus moves between, beside the sandbox's own, out of Cilium's Go modules. */
const VERSIONS: readonly AssetModule[] = [
  { version: "v1.18.6", sum: "h1:acz5aRKhZbarCO1flx2vCP9wBh+lDc02uJgdqiTsJbA=" },
  { version: "v1.19.6", sum: "h1:2G0yzfral3u6v56dY3tx2pT4U1sbMXDSKTBlGBYgRGo=" },
  { version: "v1.20.1", sum: "h1:omXYGsC9nvDEdTXZpOVa3VlpB1QTok9OHDPSQbnPoJg=" },
].map((module) => ({ path: "github.com/cilium/cilium", ...module }));

/** Puts the archives of older charts into a directory. @throws ToolchainError where one cannot be had */
export async function olderCharts(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const module of VERSIONS) {
    const source = join(await moduleFiles(module), "install", "kubernetes", "cilium");
    const archive = await packaged("cilium", module.version.slice(1), source);
    copyFileSync(archive, join(directory, basename(archive)));
  }
}
