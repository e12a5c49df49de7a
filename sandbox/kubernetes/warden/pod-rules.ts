import { at, type Json, type JsonObject, objectOf, objectsOf, stringOf, stringsOf } from "../../gcp/json";

/** What violates a constraint, by the constraint's name. */
export type Violations = Readonly<Record<string, readonly string[]>>;

/** Capabilities that Autopilot lets containers add. */
const CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW"],
  ...["SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "SYS_PTRACE"],
];

/** Directories of the node that containers may read. */
const READABLE = ["/var/log/"];

/**
 * What Autopilot does not run, in the words of its webhook.
 *
 * @param pod The `spec` of a pod, or of a pod's template.
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-security#built-in-security
 */
export function podViolations(pod: JsonObject): Violations {
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((field) => objectsOf(pod[field]));
  const found: Record<string, string[]> = {
    "autogke-disallow-hostnamespaces": ["hostIPC", "hostNetwork", "hostPID"]
      .filter((field) => pod[field] === true)
      .map((field) => `enabling ${field} is not allowed in Autopilot.`),
    "autogke-disallow-privilege": containers
      .filter((container) => at(container, "securityContext.privileged") === true)
      .map(({ name }) => `container ${name} is privileged; not allowed in Autopilot`),
    "autogke-default-linux-capabilities": containers.flatMap(addedCapabilities),
    "autogke-no-host-port": containers.flatMap(hostPorts),
    "autogke-no-write-mode-hostpath": hostPaths(pod, containers),
  };
  return Object.fromEntries(
    Object.entries(found)
      .filter(([, messages]) => messages.length > 0)
      .map(([constraint, messages]) => [`[denied by ${constraint}]`, messages]),
  );
}

function addedCapabilities(container: JsonObject): string[] {
  return stringsOf(at(container, "securityContext.capabilities.add"))
    .filter((capability) => !CAPABILITIES.includes(capability.replace(/^CAP_/, "")))
    .map(
      (capability) =>
        `linux capability '${capability}' on container '${container["name"]}' not allowed; Autopilot only allows the capabilities: '${CAPABILITIES.join(",")}'.`,
    );
}

function hostPorts(container: JsonObject): string[] {
  const ports = objectsOf(container["ports"]).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  return ports.length === 0
    ? []
    : [`container ${container["name"]} specifies host ports [${ports.join(", ")}], which are disallowed in Autopilot.`];
}

function hostPaths(pod: JsonObject, containers: readonly JsonObject[]): string[] {
  return objectsOf(pod["volumes"]).flatMap((volume) => {
    const path = stringOf(objectOf(volume["hostPath"])["path"]);
    if (path === undefined) return [];
    const mounts = containers.flatMap((container) =>
      objectsOf(container["volumeMounts"])
        .filter(({ name }) => name === volume["name"])
        .map((mount) => ({ container, writes: mount["readOnly"] !== true })),
    );
    const readable = READABLE.some((prefix) => `${path}/`.startsWith(prefix));
    return mounts.flatMap(({ container, writes }) => {
      const what = `hostPath volume ${volume["name"]} in container ${container["name"]}`;
      if (writes) return [`${what} is accessed in write mode; disallowed in Autopilot.`];
      if (readable) return [];
      return [
        `${what} uses path ${path}, which is not allowed in Autopilot. Allowed path prefixes for hostPath volumes are: [${READABLE.join(",")}].`,
      ];
    });
  });
}

/** Where the pod of an object is: its own `spec`, or that of its template. `undefined` for what makes no pods. */
export function podOf(object: Json | undefined): JsonObject | undefined {
  const paths: Readonly<Record<string, string>> = {
    CronJob: "spec.jobTemplate.spec.template.spec",
    DaemonSet: "spec.template.spec",
    Deployment: "spec.template.spec",
    Job: "spec.template.spec",
    Pod: "spec",
    ReplicaSet: "spec.template.spec",
    ReplicationController: "spec.template.spec",
    StatefulSet: "spec.template.spec",
  };
  const path = paths[stringOf(at(object, "kind")) ?? ""];
  return path === undefined ? undefined : objectOf(at(object, path));
}
