import { execFileSync } from "node:child_process";

/** Directory of Cilium's Go module in the module cache, fetched if need be; `undefined` where it cannot be had. */
export function moduleDirectory(version: string): string | undefined {
  try {
    const output = execFileSync("go", ["mod", "download", "-json", `github.com/cilium/cilium@${version}`], {
      cwd: "/",
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, GOFLAGS: "", GOWORK: "off" },
    });
    return (JSON.parse(output) as { Dir: string }).Dir;
  } catch {
    return undefined;
  }
}
