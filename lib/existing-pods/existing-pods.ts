import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { JobV1, JobV1SpecTemplateSpec } from "@cdktf/provider-kubernetes/lib/job-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable, TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { packageText } from "../package-files";
import { contentHash, terraformText } from "../terraform-text";
import { assertSound } from "../validation";
import {
  DEFAULT_IMAGE,
  DEFAULT_NAMESPACE,
  DEFAULT_PATIENCE_SECONDS,
  DEFAULT_TIMEOUT_SECONDS,
  type ExistingPodsOptions,
  existingPodsProblems,
} from "./options";

/** Five megabytes of bindings, read by whoever restarts pods. */
const bindings = () =>
  require("@cdktf/provider-kubernetes/lib/job-v1") as typeof import("@cdktf/provider-kubernetes/lib/job-v1");

const NAME = "restart-existing-pods";
const PROGRAM = "restart-pods.mjs";
const DIRECTORY = "/opt/restart-existing-pods";

/** What the Job may do: see pods and their controllers, and ask for evictions. It can neither delete nor change anything. */
const RULES = [
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets", "daemonsets"], verbs: ["get"] },
  { apiGroups: ["cilium.io"], resources: ["ciliumendpoints", "ciliumendpointslices"], verbs: ["list"] },
];

export interface ExistingPodsProps extends ExistingPodsOptions {
  /**
   * Namespace of the Job, and of the agents.
   *
   * @default "kube-system"
   */
  readonly namespace?: string;

  /**
   * What must exist before: the Cilium release, whose agents manage what is restarted.
   *
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * The kubernetes provider to use.
   *
   * @default - the stack's only one
   */
  readonly provider?: TerraformProvider;
}

/**
 * A Job that restarts the pods that Cilium does not manage, because they ran before it: controller by controller, one pod at
 * a time, by evictions, so that disruption budgets are asked. kube-dns and konnectivity come first. Pods of Jobs, of
 * nobody, and of controllers that it does not know are left. Its log and its termination message say what became of each.
 *
 * @throws ConfigurationError with every problem of the options, before anything is created.
 */
export class ExistingPods extends Construct {
  public readonly serviceAccount: ServiceAccountV1;
  public readonly clusterRole: ClusterRoleV1;
  public readonly clusterRoleBinding: ClusterRoleBindingV1;
  public readonly configMap: ConfigMapV1;
  /** Its name changes with the options: Jobs cannot be changed. */
  public readonly job: JobV1;

  public constructor(scope: Construct, id: string, props: ExistingPodsProps = {}) {
    super(scope, id);
    const { namespace = DEFAULT_NAMESPACE, dependsOn, provider, ...options } = props;
    assertSound(this.node.path, props, () => existingPodsProblems(options));
    const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, waitForCompletion = false } = options;
    const common = { provider };
    const labels = { "app.kubernetes.io/name": NAME, "app.kubernetes.io/part-of": "cilium" };
    const program = { [PROGRAM]: packageText(`lib/existing-pods/${PROGRAM}`) };

    this.serviceAccount = new ServiceAccountV1(this, "service-account", {
      ...common,
      metadata: { name: NAME, namespace, labels },
      automountServiceAccountToken: false,
    });
    this.clusterRole = new ClusterRoleV1(this, "cluster-role", {
      ...common,
      metadata: { name: NAME, labels },
      rule: RULES,
    });
    this.clusterRoleBinding = new ClusterRoleBindingV1(this, "cluster-role-binding", {
      ...common,
      metadata: { name: NAME, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: this.clusterRole.metadata.name },
      subject: [{ kind: "ServiceAccount", name: this.serviceAccount.metadata.name, namespace }],
    });
    this.configMap = new ConfigMapV1(this, "program", {
      ...common,
      metadata: { name: `${NAME}-${contentHash(program)}`, namespace, labels },
      immutable: true,
      data: { [PROGRAM]: terraformText(program[PROGRAM] as string) },
    });
    const hash = contentHash({ ...program, options: JSON.stringify({ ...options, waitForCompletion: undefined }) });
    const patience = `${timeoutSeconds + 120}s`;
    const { JobV1 } = bindings();
    this.job = new JobV1(this, "Default", {
      ...common,
      metadata: { name: `${NAME}-${hash}`, namespace, labels },
      waitForCompletion,
      timeouts: { create: patience, update: patience },
      spec: {
        // What it could not do once, it says; run again with another `run`.
        backoffLimit: 0,
        // It ends by itself before, with a report.
        activeDeadlineSeconds: timeoutSeconds + 60,
        template: { metadata: { labels }, spec: this.podSpec(options) },
      },
      dependsOn: [...(dependsOn ?? []), this.clusterRoleBinding],
    });
  }

  private podSpec(options: ExistingPodsOptions): JobV1SpecTemplateSpec {
    const { patienceSeconds = DEFAULT_PATIENCE_SECONDS, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options;
    return {
      serviceAccountName: this.serviceAccount.metadata.name,
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      restartPolicy: "Never",
      nodeSelector: { "kubernetes.io/os": "linux" },
      securityContext: { runAsNonRoot: true, runAsUser: "65534", seccompProfile: { type: "RuntimeDefault" } },
      container: [
        {
          name: NAME,
          image: options.image ?? DEFAULT_IMAGE,
          imagePullPolicy: "IfNotPresent",
          command: ["node", `${DIRECTORY}/${PROGRAM}`],
          env: [
            { name: "DRY_RUN", value: String(options.dryRun === true) },
            { name: "EXCLUDED_NAMESPACES", value: (options.excludedNamespaces ?? []).join(",") },
            { name: "PATIENCE_SECONDS", value: String(patienceSeconds) },
            { name: "TIMEOUT_SECONDS", value: String(timeoutSeconds) },
            { name: "AGENT_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
          ],
          resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMount: [{ name: "program", mountPath: DIRECTORY, readOnly: true }],
        },
      ],
      volume: [{ name: "program", configMap: { name: this.configMap.metadata.name } }],
    };
  }
}
