import type { HelmValues } from "../helm";
import { MANIFEST_DIRECTORY } from "./node-paths";
import { agentGateScript } from "./node-scripts";
import { type KubeProxyDisablerOptions, kubeProxyDisablerImage } from "./options";

const VOLUME = "kube-proxy-manifests";
const MOUNT_PATH = "/host/manifests";

/**
 * Values of the Cilium chart that keep an agent from starting on a node before kube-proxy has left it.
 *
 * A DaemonSet that is rolled out before the release puts things in order once. A node that boots later starts kube-proxy
 * and the agent side by side, and an agent that finds port 10256 taken never serves it
 * (https://github.com/cilium/cilium/issues/11733). Init containers run again at every boot of a node, after the chart's
 * own ones and before the agent, with or without node initialisation, in all charts from 1.18 to 1.20.
 *
 * Helm replaces lists: who sets `extraInitContainers` or `extraVolumes` too has to repeat these entries.
 */
export function agentGateValues(options: Pick<KubeProxyDisablerOptions, "image"> = {}): HelmValues {
  return {
    extraInitContainers: [
      {
        name: "wait-for-kube-proxy-gone",
        image: options.image ?? kubeProxyDisablerImage(),
        imagePullPolicy: "IfNotPresent",
        command: ["bash", "-c", agentGateScript()],
        env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } } }],
        resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "32Mi" } },
        // It looks at a port and a directory, which root alone may list on some images.
        securityContext: {
          runAsUser: 0,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [{ name: VOLUME, mountPath: MOUNT_PATH, readOnly: true }],
      },
    ],
    extraVolumes: [{ name: VOLUME, hostPath: { path: MANIFEST_DIRECTORY, type: "Directory" } }],
  };
}
