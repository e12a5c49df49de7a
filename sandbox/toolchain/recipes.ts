/** A program that is built from one tagged Go module. */
export interface Recipe {
  /** Directory under `modules/` whose go.mod and go.sum pin the program and everything it is built from. */
  readonly module: string;
  /** Import path of its main package. */
  readonly package: string;
  /** Version that people know it by. */
  readonly version: string;
  /** Flags for the linker, beyond leaving debug data out. */
  readonly linkerFlags: readonly string[];
  /** What it is for, in one phrase: shown while it is built. */
  readonly purpose: string;
}

/** Version of Kubernetes that the sandbox runs, without `v`: the modules below serve exactly this one. */
export const KUBERNETES_VERSION = "1.33.13";

/**
 * What `kubectl version` says of a control plane, built the way GKE writes it. Without a version at link time the API
 * server calls itself v0.0.0 and charts with a `kubeVersion` refuse to install; the suffix is part of what charts
 * must cope with on GKE.
 */
export const KUBERNETES_GIT_VERSION = `v${KUBERNETES_VERSION}-gke.1000`;

const [MAJOR, MINOR] = KUBERNETES_VERSION.split(".");

const kubernetes = (command: string, purpose: string): Recipe => ({
  module: "kubernetes",
  package: `k8s.io/kubernetes/cmd/${command}`,
  version: KUBERNETES_VERSION,
  linkerFlags: [
    `-X k8s.io/component-base/version.gitVersion=${KUBERNETES_GIT_VERSION}`,
    `-X k8s.io/component-base/version.gitMajor=${MAJOR}`,
    `-X k8s.io/component-base/version.gitMinor=${MINOR}`,
    "-X k8s.io/component-base/version.gitTreeState=clean",
  ],
  purpose,
});

/** Version of the plugins that a node's container runtime calls, where they are GKE's own. */
const CNI_PLUGINS_VERSION = "1.9.1";

const cniPlugin = (path: string, purpose: string): Recipe => ({
  module: "cni-plugins",
  package: `github.com/containernetworking/plugins/plugins/${path}`,
  version: CNI_PLUGINS_VERSION,
  linkerFlags: [
    `-X github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion=v${CNI_PLUGINS_VERSION}`,
  ],
  purpose,
});

/** Every program that the toolchain knows how to build. */
export const RECIPES = {
  helm: {
    module: "helm",
    package: "helm.sh/helm/v3/cmd/helm",
    version: "3.21.4",
    // Without a Kubernetes version `helm template` renders for v1.20, which current charts refuse.
    linkerFlags: [
      "-X helm.sh/helm/v3/internal/version.version=v3.21.4",
      ...["pkg/chartutil", "pkg/lint/rules"].flatMap((path) => [
        `-X helm.sh/helm/v3/${path}.k8sVersionMajor=${MAJOR}`,
        `-X helm.sh/helm/v3/${path}.k8sVersionMinor=${MINOR}`,
      ]),
    ],
    purpose: "packages and renders charts",
  },
  etcd: {
    module: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    version: "3.6.16",
    linkerFlags: [],
    purpose: "store of a control plane",
  },
  kwok: {
    module: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    version: "0.8.0",
    linkerFlags: ["-X sigs.k8s.io/kwok/pkg/consts.Version=v0.8.0"],
    purpose: "plays the kubelets",
  },
  "kube-apiserver": kubernetes("kube-apiserver", "Kubernetes API"),
  "kube-controller-manager": kubernetes("kube-controller-manager", "Kubernetes controllers"),
  "kube-scheduler": kubernetes("kube-scheduler", "places pods"),
  kubectl: kubernetes("kubectl", "command line"),
  "kube-proxy": kubernetes("kube-proxy", "writes the rules that tests clean up"),
  "cni-ptp": cniPlugin("main/ptp", "links a pod to its node"),
  "cni-loopback": cniPlugin("main/loopback", "brings up a pod's loopback"),
  "cni-host-local": cniPlugin("ipam/host-local", "hands out a node's pod addresses"),
  "cni-portmap": cniPlugin("meta/portmap", "forwards host ports to pods"),
  tofu: {
    module: "opentofu",
    package: "github.com/opentofu/opentofu/cmd/tofu",
    version: "1.12.6",
    linkerFlags: ["-X github.com/opentofu/opentofu/version.dev=no"],
    purpose: "stands in where Terraform is missing",
  },
  "prometheus-operator": {
    module: "prometheus-operator",
    package: "github.com/prometheus-operator/prometheus-operator/cmd/operator",
    version: "0.85.0",
    linkerFlags: ["-X github.com/prometheus/common/version.Version=0.85.0"],
    purpose: "turns ServiceMonitors into a scrape configuration",
  },
  prometheus: {
    module: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    version: "3.5.2",
    linkerFlags: ["-X github.com/prometheus/common/version.Version=3.5.2"],
    purpose: "scrapes and evaluates rules",
  },
  promtool: {
    module: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/promtool",
    version: "3.5.2",
    linkerFlags: ["-X github.com/prometheus/common/version.Version=3.5.2"],
    purpose: "checks alert rules",
  },
  kubeconform: {
    module: "kubeconform",
    package: "github.com/yannh/kubeconform/cmd/kubeconform",
    version: "0.8.0",
    linkerFlags: [],
    purpose: "checks manifests against schemas",
  },
  actionlint: {
    module: "actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    version: "1.7.12",
    linkerFlags: ["-X github.com/rhysd/actionlint.version=1.7.12"],
    purpose: "checks workflow files",
  },
} as const satisfies Record<string, Recipe>;

/** Name of a program of the toolchain. */
export type ProgramName = keyof typeof RECIPES;

/** Every program name, in the order in which they are built: what others wait for comes first. */
export const PROGRAM_NAMES = Object.keys(RECIPES) as readonly ProgramName[];

/** What a running sandbox needs. */
export const SANDBOX_PROGRAMS = [
  "helm",
  "etcd",
  "kwok",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
] as const satisfies readonly ProgramName[];

/** What nodes with a real network need besides. */
export const REAL_NODE_PROGRAMS = [
  "kube-proxy",
  "cni-ptp",
  "cni-loopback",
  "cni-host-local",
  "cni-portmap",
] as const satisfies readonly ProgramName[];

/**
 * Environment variable with which a user names a program of their own, e.g. `SANDBOX_KUBE_APISERVER`.
 * Such a program is taken as it is and nothing is built for it.
 */
export function overrideVariable(name: ProgramName): string {
  return `SANDBOX_${name.toUpperCase().replaceAll("-", "_")}`;
}
