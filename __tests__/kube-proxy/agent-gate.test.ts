import { KubeProxyDisabler } from "../../lib/kube-proxy";
import { agentGateScript } from "../../lib/kube-proxy/node-scripts";
import { kubeProxyDisablerImage } from "../../lib/kube-proxy/options";

/** What the tests below look at. */
interface Gate {
  readonly extraInitContainers: readonly {
    readonly image: string;
    readonly command: readonly string[];
    readonly securityContext: object;
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: boolean }[];
  }[];
  readonly extraVolumes: readonly { readonly name: string; readonly hostPath: object }[];
}

describe("chart values that hold the agent back", () => {
  const values = KubeProxyDisabler.agentValues() as unknown as Gate;
  const [container] = values.extraInitContainers;

  test("add one init container and the volume it mounts, nothing else", () => {
    expect(Object.keys(values)).toEqual(["extraInitContainers", "extraVolumes"]);
    expect(values.extraInitContainers).toHaveLength(1);
    expect(values.extraVolumes.map(({ name }) => name)).toEqual(container?.volumeMounts.map(({ name }) => name));
  });

  test("run the script in the image of the DaemonSet", () => {
    expect(container?.command).toEqual(["bash", "-c", agentGateScript()]);
    expect(container?.image).toBe(kubeProxyDisablerImage());
    const mirrored = KubeProxyDisabler.agentValues({ image: "mirror.example/cilium:v1" }) as unknown as Gate;
    expect(mirrored.extraInitContainers[0]?.image).toBe("mirror.example/cilium:v1");
  });

  test("show the static pods read-only, where the script looks for them", () => {
    expect(values.extraVolumes[0]?.hostPath).toEqual({ path: "/etc/kubernetes/manifests", type: "Directory" });
    expect(container?.volumeMounts[0]).toMatchObject({ readOnly: true });
    expect(agentGateScript()).toContain(`MANIFEST_DIR:-${container?.volumeMounts[0]?.mountPath}}`);
  });

  test("give it no privilege", () => {
    expect(container?.securityContext).toEqual({
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });
});
