import { badRequest } from "../../http/errors";
import { type JsonObject, numberOf, objectOf, stringOf } from "../../json";

/** Fields with their least and greatest value: website/docs/r/container_cluster.html.markdown of the google provider. */
const NUMBERS: Readonly<Record<string, readonly [number, number]>> = {
  containerLogMaxFiles: [2, 10],
  evictionMaxPodGracePeriodSeconds: [0, 300],
  imageGcHighThresholdPercent: [10, 85],
  imageGcLowThresholdPercent: [10, 85],
  maxParallelImagePulls: [2, 5],
  podPidsLimit: [1024, 4_194_303],
  shutdownGracePeriodSeconds: [0, 10_000],
};

const CPU_MANAGER_POLICIES = ["", "none", "static"];

/** System settings that GKE lets one change. https://cloud.google.com/kubernetes-engine/docs/how-to/node-system-config#sysctl-options */
const SYSCTLS = /^(net\.(core|ipv4|ipv6|netfilter)\.|vm\.|kernel\.|fs\.)[a-z0-9_.]+$/;

/** @throws ApiError 400 */
export function checkKubeletConfig(kubelet: JsonObject, config: JsonObject): void {
  for (const [field, [least, most]] of Object.entries(NUMBERS)) {
    const value = numberOf(kubelet[field]);
    if (value === undefined || value === 0 || (value >= least && value <= most)) continue;
    const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    throw badRequest(`Invalid kubelet config: ${name} must be between ${least} and ${most}, got ${value}.`);
  }
  const policy = stringOf(kubelet["cpuManagerPolicy"]) ?? "";
  if (!CPU_MANAGER_POLICIES.includes(policy)) {
    throw badRequest(`Invalid kubelet config: cpu_manager_policy must be one of "none" and "static", got "${policy}".`);
  }
  const period = stringOf(kubelet["cpuCfsQuotaPeriod"]) ?? "";
  if (period !== "" && !isDuration(period, 1e-6, 1)) {
    throw badRequest(`Invalid kubelet config: cpu_cfs_quota_period must be a duration of at most 1s, got "${period}".`);
  }
  const size = /^(\d+)(Ki|Mi|Gi)$/.exec(stringOf(kubelet["containerLogMaxSize"]) ?? "10Mi");
  const bytes =
    Number(size?.[1]) * { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[(size?.[2] ?? "Ki") as "Ki" | "Mi" | "Gi"];
  if (!(bytes >= 10 * 2 ** 20 && bytes <= 500 * 2 ** 20)) {
    throw badRequest(`Invalid kubelet config: container_log_max_size must be between 10Mi and 500Mi.`);
  }
  const [low, high] = [
    numberOf(kubelet["imageGcLowThresholdPercent"]),
    numberOf(kubelet["imageGcHighThresholdPercent"]),
  ];
  if (low && high && low >= high) {
    throw badRequest(
      "Invalid kubelet config: image_gc_low_threshold_percent must be lower than image_gc_high_threshold_percent.",
    );
  }
  const grace = numberOf(kubelet["shutdownGracePeriodSeconds"]) ?? 0;
  if (grace > 0 && config["spot"] !== true && config["preemptible"] !== true) {
    throw badRequest(
      "Invalid kubelet config: shutdown_grace_period_seconds can only be set for Spot and preemptible VMs.",
    );
  }
}

/** @throws ApiError 400 */
export function checkLinuxConfig(linux: JsonObject): void {
  const unknown = Object.keys(objectOf(linux["sysctls"])).find((key) => !SYSCTLS.test(key));
  if (unknown !== undefined) throw badRequest(`Invalid linux node config: sysctl "${unknown}" is not supported.`);
  for (const [key, value] of Object.entries(objectOf(linux["sysctls"]))) checkSysctl(key, stringOf(value) ?? "");
  for (const [field, unit] of [
    ["hugepageSize2m", 2],
    ["hugepageSize1g", 1024],
  ] as const) {
    const count = numberOf(objectOf(linux["hugepages"])[field]) ?? 0;
    if (count < 0)
      throw badRequest(`Invalid linux node config: the number of ${unit}M hugepages must not be negative.`);
  }
}

/** A whole number, or the three that say how large a buffer is: least, usual, most. */
function checkSysctl(key: string, value: string): void {
  const numbers = /\.tcp_[rw]?mem$/.test(key) ? 3 : 1;
  const words = value.trim().split(/\s+/);
  if (words.length === numbers && words.every((word) => /^-?\d+$/.test(word))) return;
  const wanted = numbers === 3 ? "three whole numbers" : "a whole number";
  throw badRequest(`Invalid linux node config: sysctl "${key}" must be ${wanted}, got "${value}".`);
}

/** Whether a text is a duration such as `100ms` between two numbers of seconds. */
function isDuration(text: string, least: number, most: number): boolean {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.map(([part]) => part).join("") !== text) return false;
  const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
  return seconds >= least && seconds <= most;
}
