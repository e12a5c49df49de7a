import { destroys, type ResourceChange } from "../model/changes";
import { Opaque } from "../model/value";
import { isOn } from "./flags";
import { outcomeOf } from "./outcome";
import { carriesObjects, lostOf } from "./policies";
import { after, before, eachChange, type Hit, type Rule } from "./rule";
import type { Scene } from "./scene";
import { worthOf } from "./stores";

export const DATA_RULES: readonly Rule[] = [
  {
    id: "DA1",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "Something that holds data is deleted",
    consequence:
      "What is stored in it is gone, unless the provider or the cloud refuses or a backup outside of it exists.",
    remedy:
      "Back it up and test the backup first, or take the object out of the state (a removed block with destroy = false) and keep it.",
    source: "https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources",
    check: eachChange([], (change) => {
      if (!destroys(change) || isAbandoned(change)) return undefined;
      const worth = holdsVolume(change) ? "critical" : worthOf(change.type);
      return worth && gone(change, { severity: worth });
    }),
  },
  {
    id: "DA2",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "An encryption key is deleted",
    consequence:
      "What is encrypted with it can no longer be read: disks of nodes and volumes, Secrets of the cluster, buckets, databases and their backups. A destroyed key version can be restored only during its waiting period.",
    remedy: "Encrypt with another key first, wait until nothing uses this one, and disable it before it is destroyed.",
    source: "https://cloud.google.com/kms/docs/destroy-restore",
    check: eachChange([], (change) => {
      if (
        !/_(kms_(crypto_key|crypto_key_version|key_ring|key|alias|external_key)|key_vault(_key|_managed_\w+)?|kms_secret\w*|privateca_(ca_pool|certificate_authority)|acmpca_certificate_authority|transit_secret_backend_key|cloudhsm_v2_cluster)$/.test(
          change.type,
        )
      )
        return undefined;
      if (destroys(change)) return gone(change);
      const disabled = before(change, "state") === "ENABLED" && /DISABLED|DESTROY/.test(String(after(change, "state")));
      return disabled ? `${change.address} is switched off` : undefined;
    }),
  },
  {
    id: "DA3",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A namespace is deleted with everything in it",
    consequence:
      "Kubernetes deletes every object in the namespace: workloads, Services with their addresses, Secrets, and volume claims, with their data where the storage class says Delete.",
    remedy: "Move what is in it first, and look at what is left: kubectl get all,pvc,secret in that namespace.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    check: eachChange([], (change) => {
      if (/^kubernetes_namespace(_v\d+)?$/.test(change.type) && destroys(change)) return gone(change);
      const names = lostObjects(change, "Namespace");
      return names.length > 0 ? `${change.address}: ${names.join(", ")}` : undefined;
    }),
  },
  {
    id: "DA4",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A custom resource definition is deleted",
    consequence:
      "All objects of that kind go with it, in every namespace, whoever made them. Restoring the definition does not bring them back.",
    remedy: "Keep the definition, or save its objects first: kubectl get <kind> -A -o yaml.",
    source:
      "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#delete-a-customresourcedefinition",
    check: eachChange([], (change) => {
      const names = lostObjects(change, "CustomResourceDefinition");
      return names.length > 0 ? `${change.address}: ${names.join(", ")}` : undefined;
    }),
  },
  {
    id: "DA5",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A whole project or account is deleted",
    consequence: "Everything in it is shut down: clusters, networks, data, keys, and the permissions of others in it.",
    remedy:
      "Empty it by hand first, and make sure that nothing else uses it. A Google project can be restored for 30 days.",
    source: "https://cloud.google.com/resource-manager/docs/creating-managing-projects#shutting_down_projects",
    check: eachChange([], (change) =>
      /^(google_project|google_folder|aws_organizations_account|azurerm_(resource_group|subscription))$/.test(
        change.type,
      ) &&
      destroys(change) &&
      !isAbandoned(change)
        ? gone(change)
        : undefined,
    ),
  },
  {
    id: "DA6",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A secret that others read is deleted",
    consequence:
      "What it held is gone with all versions. Pods that mount it or take variables from it do not start any more; those that run keep what they read until they restart.",
    remedy:
      "Find its readers first (the audit log, or the pods that name it), and keep it until the last has its successor.",
    source:
      "https://kubernetes.io/docs/concepts/configuration/secret/; https://cloud.google.com/secret-manager/docs/delete-secret",
    check: eachChange([], (change) => {
      const whole =
        /^kubernetes_secret(_v\d+)?$|_(secret_manager_(regional_)?secret(_version)?|secretsmanager_secret(_version)?|key_vault_(secret|certificate)|ssm_parameter|parameter_manager_(regional_)?parameter(_version)?)$|^vault_(generic_secret|kv_secret(_v2)?)$/;
      if (whole.test(change.type) && destroys(change)) return gone(change);
      if (/^(tls_private_key|random_password)$/.test(change.type) && destroys(change))
        return gone(change, {
          severity: "medium",
          consequence:
            "Only the state has it: what was set up with it needs the next one at the same time, or is out of step.",
          remedy: "Change over its users first, or keep it (moveFromId, where it was only renamed).",
        });
      const names = lostObjects(change, "Secret");
      return names.length > 0 ? `${change.address}: ${names.join(", ")}` : undefined;
    }),
  },
  {
    id: "DA7",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "Something in the cluster that others use is removed",
    consequence: "It takes effect at once, and whoever relies on it finds out by failing.",
    remedy: "Look for its users first (kubectl get all -A, and Hubble's flows to it), and move them.",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/",
    check: eachChange([], missed),
  },
];

/** Kinds of objects that others in the cluster need, and what they then lack. */
const USED: Readonly<Record<string, string>> = {
  Deployment: "its pods are gone",
  StatefulSet: "its pods are gone, their volumes stay",
  Service: "its name no longer resolves, and connections to it fail",
  StorageClass: "volume claims that name it stay pending",
  CSIDriver: "volumes of that driver can no longer be attached",
  ValidatingWebhookConfiguration: "what it refused is accepted",
  MutatingWebhookConfiguration: "what it added to objects is missing from now on",
  PodDisruptionBudget: "drains no longer wait for these pods",
  PriorityClass: "new pods that name it are refused",
  ServiceAccount: "new pods that name it are not made, and those that run are refused by the API",
  RuntimeClass: "new pods that name it are refused",
  IngressClass: "Ingress objects that name it are served by nobody",
  APIService: "what its API serves is unknown to the cluster",
  CronJob: "its jobs do not run any more",
  HorizontalPodAutoscaler: "its workload stays at the size it has",
};

const SPELT: Readonly<Record<string, string>> = { CsiDriver: "CSIDriver", ApiService: "APIService" };

/** `kubernetes_stateful_set_v1` is a StatefulSet. */
function kindOf(type: string): string {
  const [, noun = ""] = /^kubernetes_([a-z_]+?)(?:_v\d+)?$/.exec(type) ?? [];
  const kind = noun.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return SPELT[kind] ?? kind;
}

const WORKLOAD = /^kubernetes_(deployment|daemon_?set|stateful_set|job|cron_job|pod|replication_controller)(_v\d+)?$/;

/** Accounts of workloads that go, too: nobody is left to use them. */
function accountsOfGone(change: ResourceChange, scene: Scene): ReadonlySet<string> {
  return scene.once("accounts", change, () => {
    const here = ({ stack }: ResourceChange) => scene.stack(stack)?.environment;
    const gone = scene.changes.filter(
      (other) => here(other) === here(change) && WORKLOAD.test(other.type) && other.action === "delete",
    );
    const names = gone.flatMap((other) =>
      ["spec.template.spec", "spec.job_template.spec.template.spec", "spec"].map((path) =>
        before(other, `${path}.service_account_name`),
      ),
    );
    return new Set(names.map((name) => (name instanceof Opaque ? name.text : String(name))));
  });
}

/** What others in the cluster lack once something is gone. A load balancer has a rule of its own. */
function missed(change: ResourceChange, scene: Scene): string | undefined {
  if (change.action === "delete" && change.type.startsWith("kubernetes_") && change.type !== "kubernetes_manifest") {
    const kind = kindOf(change.type);
    if (kind === "ServiceAccount") {
      const used = accountsOfGone(change, scene);
      const name = before(change, "metadata.name");
      if (used.has(String(name)) || [...used].some((text) => text.includes(`${change.type}.${change.name}.`)))
        return undefined;
    }
    if (kind === "Service" && before(change, "spec.type") === "LoadBalancer") return undefined;
    return Object.hasOwn(USED, kind) ? `${change.address} is deleted: ${USED[kind]}` : undefined;
  }
  if (change.type === "helm_release" || !carriesObjects(change.type)) return undefined;
  const parts = Object.entries(USED).flatMap(([kind, effect]) =>
    lostObjects(change, kind).map((name) => `${kind} ${name}: ${effect}`),
  );
  return parts.length > 0 ? parts.join("; ") : undefined;
}

/** The object leaves the state and stays in the cloud. */
function isAbandoned(change: ResourceChange): boolean {
  return before(change, "deletion_policy") === "ABANDON";
}

/** A manifest of a volume. */
function holdsVolume(change: ResourceChange): boolean {
  return ["PersistentVolumeClaim", "PersistentVolume"].some((kind) => lostObjects(change, kind).length > 0);
}

/** Objects of a kind that a resource carried and carries no longer, or that go with it. */
function lostObjects(change: ResourceChange, kind: string): readonly string[] {
  return lostOf(change, new RegExp(`^${kind}$`)).map((name) => name.slice(kind.length + 1));
}

/** The hit for something that is destroyed, with what stands in the way. */
function gone(change: ResourceChange, more: Partial<Hit> = {}): Hit {
  const verb = change.action === "delete" ? "deleted" : "replaced";
  const outcome = outcomeOf(change);
  const guard = isOn(change, "deletion_protection", "deletion_protection_enabled")
    ? "; deletion_protection is on, so the apply will fail there"
    : outcome === "refused"
      ? "; prevent_destroy refuses the plan"
      : outcome === "taken"
        ? "; its name is still taken, so the apply will fail before that"
        : "";
  const emptied = before(change, "force_destroy") === true ? ", with all that is in it (force_destroy)" : "";
  return { detail: `${change.address} is ${verb}${emptied}${guard}`, ...more };
}
