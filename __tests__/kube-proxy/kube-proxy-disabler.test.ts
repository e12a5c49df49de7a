import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { TerraformStack, Testing } from "cdktf";
import { KubeProxyDisabler, type KubeProxyDisablerProps } from "../../lib/kube-proxy";
import { nodeScripts } from "../../lib/kube-proxy/node-scripts";
import { testApp } from "../support/app";

/** What the tests below look at. */
interface Pod {
  readonly volume: readonly { readonly name: string; readonly host_path?: { path: string; type: string } }[];
  readonly container: readonly {
    readonly image: string;
    readonly command: readonly string[];
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly volume_mount: readonly {
      readonly name: string;
      readonly mount_path: string;
      readonly read_only?: boolean;
    }[];
    readonly [field: string]: unknown;
  }[];
  readonly [field: string]: unknown;
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}
interface Account {
  readonly metadata: Metadata;
}
interface Config {
  readonly metadata: Metadata;
  readonly data: Readonly<Record<string, string>>;
}
interface DaemonSet {
  readonly metadata: Metadata;
  readonly spec: {
    readonly selector: { readonly match_labels: Readonly<Record<string, string>> };
    readonly template: { readonly metadata: Metadata; readonly spec: Pod };
  };
}

function synthesize(props: KubeProxyDisablerProps = {}) {
  const stack = new TerraformStack(testApp(), "test");
  new KubernetesProvider(stack, "kubernetes");
  const disabler = new KubeProxyDisabler(stack, "kube-proxy-disabler", props);
  const { resource } = JSON.parse(Testing.synth(stack));
  const only = <T>(type: string) => Object.values(resource[type])[0] as T;
  const daemonSet = only<DaemonSet>("kubernetes_daemon_set_v1");
  const pod = daemonSet.spec.template.spec;
  return {
    disabler,
    account: only<Account>("kubernetes_service_account_v1"),
    config: only<Config>("kubernetes_config_map_v1"),
    daemonSet,
    pod,
    container: pod.container[0]!,
  };
}

describe("KubeProxyDisabler", () => {
  const { disabler, account, config, daemonSet, pod, container } = synthesize();
  const mount = (name: string) => container.volume_mount.find((candidate) => candidate.name === name);

  test("exposes the effective values", () => {
    expect(disabler).toMatchObject({
      mode: "disable",
      namespace: "kube-system",
      intervalSeconds: 30,
      agentHealthPort: 9879,
      memoryLimit: "256Mi",
      waitForRollout: true,
      rolloutTimeoutSeconds: 600,
    });
    expect(container.image).toBe(disabler.image);
  });

  test("has no access to the API", () => {
    expect(account).toMatchObject({ automount_service_account_token: false });
    expect(pod).toMatchObject({ automount_service_account_token: false, enable_service_links: false });
    expect(pod["service_account_name"]).toMatch(/^\$\{kubernetes_service_account_v1\..*\.metadata\[0\]\.name\}$/);
  });

  test("keeps its scripts in an immutable ConfigMap whose name follows their content, unchanged by Terraform", () => {
    expect(config).toMatchObject({ immutable: true, lifecycle: { create_before_destroy: true } });
    expect(config.metadata.name).toMatch(/^kube-proxy-disabler-[0-9a-f]{10}$/);
    const data = Object.entries(config.data);
    expect(
      Object.fromEntries(data.map(([name, text]) => [name, text.replaceAll("$${", "${").replaceAll("%%{", "%{")])),
    ).toEqual(nodeScripts());
  });

  test("has the privileges that its work takes and no more", () => {
    expect(container["security_context"]).toEqual({
      run_as_user: "0",
      privileged: false,
      allow_privilege_escalation: false,
      read_only_root_filesystem: true,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_RAW"] },
    });
    expect(pod["security_context"]).toEqual({ seccomp_profile: { type: "RuntimeDefault" } });
    expect(pod["host_network"]).toBe(true);
    expect(pod).not.toHaveProperty("host_pid");
    expect(pod).not.toHaveProperty("host_ipc");
  });

  test("writes on the host only where it has to", () => {
    const writable = pod.volume
      .filter(({ name, host_path }) => host_path !== undefined && mount(name)?.read_only !== true)
      .map(({ host_path }) => host_path?.path);
    expect(writable).toEqual(["/etc/kubernetes/manifests", "/var/lib/kube-proxy-disabler", "/run/xtables.lock"]);
  });

  test("runs on every node that is ours, at any time, before anything else", () => {
    expect(pod).toMatchObject({
      toleration: [{ operator: "Exists" }],
      priority_class_name: "system-node-critical",
      node_selector: { "kubernetes.io/os": "linux" },
    });
    const expressions = JSON.stringify(pod["affinity"]);
    expect(expressions).toContain("cloud.google.com/gke-dpv2-ready");
    expect(expressions).toContain("cloud.google.com/autopilot-managed-node");
    // Such a node is the one whose pod has something to tell.
    expect(expressions).not.toContain("kube-proxy-ds-ready");
  });

  test("is updated a tenth of the nodes at a time, and found again by its pods' label", () => {
    expect(daemonSet.spec).toMatchObject({
      strategy: { type: "RollingUpdate", rolling_update: { max_unavailable: "10%" } },
      selector: { match_labels: { "app.kubernetes.io/name": "kube-proxy-disabler" } },
      template: { metadata: { labels: { "app.kubernetes.io/name": "kube-proxy-disabler" } } },
    });
  });

  test("is waited for, so that what depends on it finds no kube-proxy", () => {
    expect(daemonSet).toMatchObject({ wait_for_rollout: true, timeouts: { create: "600s", update: "600s" } });
  });

  test("is asked for its health by the script itself", () => {
    const action = (probe: string) => (container[probe] as { exec: { command: string[] } }).exec.command;
    const script = container.command.slice(0, 2);
    expect(container.command).toEqual([...script, "disable"]);
    expect(action("readiness_probe")).toEqual([...script, "ready"]);
    expect(action("liveness_probe")).toEqual([...script, "alive"]);
    expect(script[1]).toBe(`${mount("scripts")?.mount_path}/kube-proxy-disabler.sh`);
  });

  test.each([
    ["HOST_PROC", "proc"],
    ["MANIFEST_DIR", "manifests"],
    ["SAVED_DIR", "saved"],
    ["STATE_DIR", "state"],
  ])("mounts where the script looks by default: %s", (variable, volume) => {
    expect(nodeScripts()["kube-proxy-disabler.sh"]).toContain(
      `${variable}=\${${variable}:-${mount(volume)?.mount_path}}`,
    );
  });

  test("sets only variables that the scripts know", () => {
    const scripts = Object.values(nodeScripts()).join("\n");
    for (const { name } of container.env) expect(scripts).toContain(`\${${name}:-`);
  });

  describe("with every option set", () => {
    const other = synthesize({
      mode: "restore",
      image: "mirror.example/cilium:v1.20.2",
      intervalSeconds: 60,
      agentHealthPort: 9880,
      memoryLimit: "1Gi",
      labels: { team: "network" },
      namespace: "cilium-system",
      waitForRollout: false,
      rolloutTimeoutSeconds: 1_200,
    });

    test("they arrive where they belong", () => {
      const environment = Object.fromEntries(other.container.env.map(({ name, value }) => [name, value]));
      expect(environment).toMatchObject({ INTERVAL_SECONDS: "60", AGENT_HEALTH_PORT: "9880" });
      expect(other.container).toMatchObject({
        image: "mirror.example/cilium:v1.20.2",
        resources: { limits: { memory: "1Gi" } },
      });
      expect(other.daemonSet).toMatchObject({
        wait_for_rollout: false,
        timeouts: { create: "1200s", update: "1200s" },
      });
      for (const { metadata } of [other.account, other.config, other.daemonSet, other.daemonSet.spec.template])
        expect(metadata).toMatchObject({ labels: { team: "network" } });
      for (const { metadata } of [other.account, other.config, other.daemonSet])
        expect(metadata).toMatchObject({ namespace: "cilium-system" });
    });

    test("restoring is another DaemonSet, with pods that only it selects", () => {
      const selected = other.daemonSet.spec.selector.match_labels;
      expect(selected).not.toEqual(daemonSet.spec.selector.match_labels);
      expect(other.daemonSet.spec.template.metadata.labels).toMatchObject(selected);
      expect(daemonSet.spec.template.metadata.labels).not.toMatchObject(selected);
      // Monitoring finds the pods of both.
      expect(other.daemonSet.spec.template.metadata.labels).toMatchObject(KubeProxyDisabler.daemonSetOf().podLabels);
    });

    test("restoring only reads what it restores from", () => {
      expect(other.container.command.at(-1)).toBe("restore");
      const paths = Object.fromEntries(other.container.volume_mount.map(({ name, read_only }) => [name, read_only]));
      expect(paths).toMatchObject({ saved: true, source: true, manifests: false });
      expect(nodeScripts()["kube-proxy-disabler.sh"]).toContain(
        `SOURCE_DIR:-${other.container.volume_mount.find(({ name }) => name === "source")?.mount_path}}`,
      );
    });

    test("its name is another one, so that Terraform makes it anew", () => {
      expect(other.daemonSet.metadata.name).not.toBe(daemonSet.metadata.name);
    });
  });

  test("has no hook that would bring kube-proxy back when a pod ends", () => {
    expect(container).not.toHaveProperty("lifecycle");
  });

  test("comes after what it depends on, and so does what depends on it", () => {
    const stack = new TerraformStack(testApp(), "test");
    const provider = new KubernetesProvider(stack, "kubernetes", { alias: "other" });
    const before = new ServiceAccountV1(stack, "before", { metadata: { name: "before" } });
    const first = new KubeProxyDisabler(stack, "first", { dependsOn: [before], provider });
    new ServiceAccountV1(stack, "after", { metadata: { name: "after" }, dependsOn: [first.daemonSet] });
    const { resource } = JSON.parse(Testing.synth(stack));
    const daemonSet = Object.values(resource.kubernetes_daemon_set_v1)[0];
    expect(daemonSet).toMatchObject({
      depends_on: ["kubernetes_service_account_v1.before"],
      provider: "kubernetes.other",
    });
    expect(resource.kubernetes_service_account_v1.after.depends_on).toEqual([
      `kubernetes_daemon_set_v1.${Object.keys(resource.kubernetes_daemon_set_v1)[0]}`,
    ]);
  });

  test("throws once, with everything that is wrong, before anything is created", () => {
    const stack = new TerraformStack(testApp(), "test");
    const create = () => new KubeProxyDisabler(stack, "bad", { image: "cilium", intervalSeconds: 0 });
    expect(create).toThrow(/^2 problems:\n.*test\/bad: 'intervalSeconds' \(0\).*\n.*'image' \(cilium\) is not pinned/);
    expect(JSON.parse(Testing.synth(stack)).resource).toBeUndefined();
  });
});
