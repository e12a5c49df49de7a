import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { run } from "../../toolchain/run";
import { BARE_ENVIRONMENT } from "../namespaces/namespace";
import type { Missing } from "./missing";

/** Programs that nodes run or are made with, and the package of Debian and Ubuntu that has each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  bash: "bash",
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "mount",
  ip: "iproute2",
  tc: "iproute2",
  sysctl: "procps",
  iptables: "iptables",
  "iptables-restore": "iptables",
  ipset: "ipset",
  hostname: "hostname",
};

/** clang compiles the datapath: Cilium 1.20 asks for 18 or later. */
const OLDEST_CLANG = 18;
const NEWEST_CLANG = 24;

/** Everything that the nodes' namespaces take, tried out and gone at once. */
const TRIAL = `
set -e
mount -t tmpfs trial /mnt
mount -t tmpfs run /run
mkdir /mnt/upper /mnt/work /mnt/root /mnt/bpf /mnt/cgroup
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root || { echo "overlayfs"; exit 1; }
mount -t bpf bpf /mnt/bpf || { echo "the BPF file system"; exit 1; }
mount -t cgroup2 cgroup2 /mnt/cgroup || { echo "cgroup v2"; exit 1; }
mkdir /mnt/cgroup/sandbox-trial-$$ || { echo "control groups of its own"; exit 1; }
rmdir /mnt/cgroup/sandbox-trial-$$
ip link add trial0 type veth peer name trial1 || { echo "veth"; exit 1; }
iptables -w -t nat -L -n >/dev/null || { echo "iptables"; exit 1; }
[[ -e /sys/kernel/btf/vmlinux ]] || { echo "BTF of the kernel"; exit 1; }
`;

/** What is missing on this machine, apart from Cilium's programs. */
export async function missingOnMachine(): Promise<Missing[]> {
  if (process.platform !== "linux")
    return [{ what: `this is ${process.platform}`, remedy: "run it on Linux, in a virtual machine for example" }];
  if (process.getuid?.() !== 0) return [{ what: "this user is not root", remedy: "run it as root (sudo)" }];
  const absent = Object.entries(PROGRAMS).filter(([program]) => !findProgram(program));
  const missing = absent.map(([program, name]) => ({
    what: `${program} is missing`,
    remedy: `apt-get install ${name}`,
  }));
  if (!findClang())
    missing.push({ what: `clang ${OLDEST_CLANG} or later is missing`, remedy: "apt-get install clang-19 llvm-19" });
  if (missing.length > 0) return missing;
  const { code, stdout, stderr } = await run(
    "unshare",
    [
      "--net",
      "--mount",
      "--pid",
      "--uts",
      "--cgroup",
      "--fork",
      "--propagation",
      "private",
      "bash",
      "--norc",
      "-c",
      TRIAL,
    ],
    { environment: BARE_ENVIRONMENT, timeout: 20_000 },
  );
  if (code === 0) return [];
  const [what = ""] = stdout.trim().split("\n");
  return [
    {
      what: `the kernel does not give this process ${what || "namespaces of its own"} (${stderr.trim().split("\n").at(-1)})`,
      remedy: "run it on a machine of your own or in a privileged container",
    },
  ];
}

/** Path of a program on the PATH of system programs, or of the caller's. */
export function findProgram(name: string): string | undefined {
  return findIn([BARE_ENVIRONMENT["PATH"], process.env["PATH"]], name);
}

/** A program that is run for the user, as the user finds it. */
export function findUsersProgram(name: string): string | undefined {
  return findIn([process.env["PATH"], BARE_ENVIRONMENT["PATH"]], name);
}

function findIn(paths: readonly (string | undefined)[], name: string): string | undefined {
  return paths
    .filter((path) => path !== undefined)
    .join(":")
    .split(":")
    .filter((directory) => directory.startsWith("/"))
    .map((directory) => join(directory, name))
    .find(isProgram);
}

/** A clang that is new enough, by its name with a version or without one. */
export function findClang(): string | undefined {
  const names = Array.from({ length: NEWEST_CLANG - OLDEST_CLANG + 1 }, (_, index) => `clang-${NEWEST_CLANG - index}`);
  return names.map(findProgram).find((path) => path !== undefined);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
