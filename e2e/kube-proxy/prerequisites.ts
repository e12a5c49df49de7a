import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What the tests run, and the Debian package that has it. */
const PROGRAMS: readonly (readonly [program: string, debianPackage: string])[] = [
  ["iptables-nft-save", "iptables"],
  ["ip6tables-legacy-restore", "iptables"],
  ["nft", "nftables"],
  ["nfacct", "nfacct"],
  ["ip", "iproute2"],
  ["shellcheck", "shellcheck"],
  ["busybox", "busybox"],
  ["unshare", "util-linux"],
  ["nsenter", "util-linux"],
  ["setpriv", "util-linux"],
  ["flock", "util-linux"],
  ["bash", "bash"],
];

/** The directories of programs; those for root are not on everybody's PATH. */
export const PATH = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"].join(
  delimiter,
);

/** Installs what is missing where that is possible, and says what still keeps the tests from running. */
export function obstacles(): string[] {
  if (process.platform !== "linux") return ["this needs Linux; run it in a Linux virtual machine or container"];
  if (process.getuid?.() !== 0) return ["this needs root for network namespaces; run it as root"];
  const missing = missingPackages();
  if (missing.length > 0) installPackages(missing);
  const left = missingPackages();
  if (left.length > 0)
    return [`Debian's packages ${left.join(", ")} are missing; run apt-get install ${left.join(" ")}`];
  return isolationObstacles();
}

/** Where a program lies, or undefined. */
export function findProgram(program: string): string | undefined {
  return PATH.split(delimiter)
    .map((directory) => join(directory, program))
    .find((file) => existsSync(file));
}

function missingPackages(): string[] {
  return [...new Set(PROGRAMS.filter(([program]) => !findProgram(program)).map(([, name]) => name))];
}

function installPackages(packages: readonly string[]): void {
  if (!findProgram("apt-get")) return;
  console.log(`installing ${packages.join(", ")}`);
  const environment = { ...process.env, PATH, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-q"],
    ["install", "-y", "-q", "--no-install-recommends", ...packages],
  ])
    spawnSync("apt-get", args, { env: environment, stdio: ["ignore", "ignore", "inherit"] });
}

/** Whether the kernel lets us have namespaces and both backends in them. */
function isolationObstacles(): string[] {
  const check = "ip link set lo up && iptables-nft -t nat -N T && iptables-legacy -t nat -N T";
  const result = spawnSync("unshare", ["--net", "--mount", "--pid", "--fork", "sh", "-c", check], {
    env: { ...process.env, PATH },
    encoding: "utf8",
  });
  if (result.status === 0) return [];
  const reason = (result.stderr || String(result.error ?? "")).trim().replaceAll("\n", " ");
  return [
    `namespaces or iptables do not work here (${reason}); run it on a kernel with nf_tables and ip_tables, outside a container or in a privileged one`,
  ];
}
