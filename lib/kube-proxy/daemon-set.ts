import type { DaemonSetV1Spec, DaemonSetV1SpecTemplateSpec } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import { WAITING_LABEL } from "../gke";
import { MANIFEST_DIRECTORY, SAVED_DIRECTORY, SOURCE_DIRECTORY } from "./node-paths";
import { MAIN_SCRIPT } from "./node-scripts";

/**
 * - `disable`: nodes have no kube-proxy and none of its rules.
 * - `restore`: nodes run kube-proxy again.
 */
export type KubeProxyMode = "disable" | "restore";

/** Everything that a DaemonSet is made from, defaults filled in. */
export interface DaemonSetInput {
  readonly name: string;
  readonly mode: KubeProxyMode;
  readonly image: string;
  readonly intervalSeconds: number;
  readonly agentHealthPort: number;
  readonly memoryLimit: string;
  readonly labels: Record<string, string>;
  readonly selector: Record<string, string>;
  readonly serviceAccountName: string;
  readonly configMapName: string;
}

const SCRIPT_DIRECTORY = "/opt/kube-proxy-disabler";
const STATE_DIRECTORY = "/run/kube-proxy-disabler";
const XTABLES_LOCK = "/run/xtables.lock";

const script = (action: string) => ["bash", `${SCRIPT_DIRECTORY}/${MAIN_SCRIPT}`, action];

/**
 * The DaemonSet's specification.
 *
 * Its privileges are what the work takes, which is less than entering the host with nsenter would take (SYS_ADMIN,
 * SYS_CHROOT, SYS_PTRACE, an unconfined AppArmor profile and the host's process ids):
 * - the host's network, because the rules and the ports to look at are there, and because there is no CNI yet;
 * - NET_ADMIN to change rules, and NET_RAW, without which the legacy backend opens no socket;
 * - /proc of the host, read-only, to see whether kube-proxy runs: unlike the host's process ids, it lets signal nobody;
 * - the directory of static pods, writable. Whoever can write there can run anything on the node, so these pods are to
 *   be trusted like root whatever else they lack: keep strangers out of their namespace.
 */
export function daemonSetSpec(input: DaemonSetInput): DaemonSetV1Spec {
  return {
    selector: { matchLabels: input.selector },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
    template: { metadata: { labels: input.labels }, spec: podSpec(input) },
  };
}

function podSpec(input: DaemonSetInput): DaemonSetV1SpecTemplateSpec {
  const volumes = hostVolumes(input.mode);
  return {
    serviceAccountName: input.serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    hostNetwork: true,
    dnsPolicy: "Default",
    priorityClassName: "system-node-critical",
    terminationGracePeriodSeconds: 30,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    // Nodes need it most while nothing else may run on them: not ready, tainted, cordoned.
    toleration: [{ operator: "Exists" }],
    nodeSelector: { "kubernetes.io/os": "linux" },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerm: [
            {
              // Google runs its own dataplane there. Nodes labelled for GKE's kube-proxy DaemonSet are not left out: a
              // pod that says what is wrong with the node is worth more than none.
              matchExpressions: [
                { key: "cloud.google.com/gke-dpv2-ready", operator: "NotIn", values: ["true"] },
                { key: "cloud.google.com/autopilot-managed-node", operator: "DoesNotExist" },
                // They need their kube-proxy.
                { key: WAITING_LABEL, operator: "NotIn", values: ["cni-chaining"] },
              ],
            },
          ],
        },
      },
    },
    container: [
      {
        name: input.name,
        image: input.image,
        imagePullPolicy: "IfNotPresent",
        command: script(input.mode),
        env: [
          { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
          { name: "INTERVAL_SECONDS", value: String(input.intervalSeconds) },
          { name: "AGENT_HEALTH_PORT", value: String(input.agentHealthPort) },
          // The root file system is read-only.
          { name: "TMPDIR", value: STATE_DIRECTORY },
        ],
        resources: {
          requests: { cpu: "10m", memory: "32Mi" },
          limits: { memory: input.memoryLimit },
        },
        securityContext: {
          runAsUser: "0",
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_RAW"] },
        },
        readinessProbe: {
          exec: { command: script("ready") },
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 1,
        },
        livenessProbe: {
          exec: { command: script("alive") },
          initialDelaySeconds: 30,
          periodSeconds: 60,
          timeoutSeconds: 10,
          failureThreshold: 3,
        },
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMount: [
          { name: "scripts", mountPath: SCRIPT_DIRECTORY, readOnly: true },
          { name: "state", mountPath: STATE_DIRECTORY },
          ...volumes.map(({ name, mountPath, readOnly }) => ({ name, mountPath, readOnly })),
        ],
      },
    ],
    volume: [
      { name: "scripts", configMap: { name: input.configMapName, defaultMode: "0555" } },
      { name: "state", emptyDir: { sizeLimit: "256Mi" } },
      ...volumes.map(({ name, path, type }) => ({ name, hostPath: { path, type } })),
    ],
  };
}

interface HostVolume {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

function hostVolumes(mode: KubeProxyMode): HostVolume[] {
  const volumes: HostVolume[] = [
    { name: "proc", path: "/proc", type: "Directory", mountPath: "/host/proc", readOnly: true },
    { name: "manifests", path: MANIFEST_DIRECTORY, type: "Directory", mountPath: "/host/manifests", readOnly: false },
    {
      name: "saved",
      path: SAVED_DIRECTORY,
      type: "DirectoryOrCreate",
      mountPath: "/host/saved",
      readOnly: mode === "restore",
    },
    // Writers of the legacy backend take turns on the host's lock.
    { name: "xtables-lock", path: XTABLES_LOCK, type: "FileOrCreate", mountPath: XTABLES_LOCK, readOnly: false },
  ];
  if (mode === "restore")
    volumes.push({
      name: "source",
      path: SOURCE_DIRECTORY,
      type: "DirectoryOrCreate",
      mountPath: "/host/source",
      readOnly: true,
    });
  return volumes;
}
