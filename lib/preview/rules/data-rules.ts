import { destroys, type ResourceChange } from "../model/changes";
import { isOn } from "./flags";
import { outcomeOf } from "./outcome";
import { objectsOf } from "./policies";
import { after, before, eachChange, type Hit, type Rule } from "./rule";

/** Whole types, of any provider, whose objects hold what nobody can make again. */
const STORES = [
  /_(bucket|database|database_instance|db_instance|rds_cluster|rds_cluster_instance|dynamodb_table|bigtable_table|bigtable_instance)$/,
  /_(disk|compute_disk|compute_region_disk|ebs_volume|managed_disk|volume|block_volume|efs_file_system|fsx_\w+_file_system|filestore_instance|blockstorage_volume)(_v\d+)?$/,
  /_(persistent_volume|persistent_volume_claim)(_v\d+)?$/,
  /_(sql_database|sql_database_instance|spanner_(instance|database)|alloydb_(cluster|instance)|firestore_database|datastore_\w+)$/,
  /_(bigquery_(dataset|table)|redshift_cluster|elasticache_\w*(cluster|group)|redis_(instance|cluster)|memorystore_instance|memcache_instance)$/,
  /_(postgresql_\w*server|mysql_\w*server|mssql_server|mssql_database|mariadb_server|cosmosdb_\w+|storage_account|storage_container|storage_share)$/,
  /_(artifact_registry_repository|container_registry|ecr_repository|netapp_volume|lustre_instance|parallelstore_instance)$/,
  /_(opensearch_domain|elasticsearch_domain|docdb_cluster|neptune_cluster|kinesis_stream|msk_cluster|managed_kafka_cluster)$/,
  /^(mongodbatlas|confluent|aiven|digitalocean|hcloud|linode|scaleway|ovh|oci|vault|etcd|minio|elasticstack)_\w*(cluster|database|db|volume|bucket|topic|space|index|store|mount)\w*$/,
];

/** Clusters of others than Google, with all their objects; machines, with the disks they start from; code. */
const WHOLES =
  /_(eks_cluster|kubernetes_cluster|managed_kubernetes\w*|lke_cluster|compute_instance|virtual_machine|linux_virtual_machine|windows_virtual_machine|droplet)$|^aws_instance$|^(github_repository|gitlab_project)$/;

/** Copies of data, whose loss takes the way back, and what holds data for a while. */
const COPIES =
  /(?<!route|routing)_table$|_(topic|subscription|queue|keyspace|collection|schema)$|_(snapshot|backup|backup_plan|backup_vault|db_snapshot|image|volume_snapshot|recovery_services_vault|gke_backup_backup_plan)s?$/;

/** Ways in which a type's name only speaks of a store: who may read it, what lies in it. */
const ABOUT =
  /_iam_|_policy$|_acl$|_access_control$|_notification$|_object$|_user$|_attachment$|_grant$|_role$|_lifecycle|_versioning$|_public_access_block$|_cors|_logging$|_ssl|_cert|_metadata$|_schedule$/;

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
      if (!destroys(change) || ABOUT.test(change.type) || isAbandoned(change)) return undefined;
      const store = STORES.some((pattern) => pattern.test(change.type)) || holdsVolume(change);
      if (!store && !COPIES.test(change.type) && !WHOLES.test(change.type)) return undefined;
      return gone(change, { severity: store ? "critical" : "high" });
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
        !/_(kms_(crypto_key|crypto_key_version|key_ring|key|alias)|key_vault(_key)?|kms_secret\w*)$/.test(change.type)
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
        /^kubernetes_secret(_v\d+)?$|_(secret_manager_(regional_)?secret|secretsmanager_secret|key_vault_secret)$|^vault_(generic_secret|kv_secret(_v2)?)$/;
      if (whole.test(change.type) && destroys(change)) return gone(change);
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
};

/** `kubernetes_stateful_set_v1` is a StatefulSet. */
function kindOf(type: string): string {
  const [, noun = ""] = /^kubernetes_([a-z_]+?)(?:_v\d+)?$/.exec(type) ?? [];
  const kind = noun.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return kind === "CsiDriver" ? "CSIDriver" : kind;
}

/** What others in the cluster lack once something is gone. A load balancer has a rule of its own. */
function missed(change: ResourceChange): string | undefined {
  if (change.action === "delete" && change.type.startsWith("kubernetes_") && change.type !== "kubernetes_manifest") {
    const kind = kindOf(change.type);
    if (kind === "Service" && before(change, "spec.type") === "LoadBalancer") return undefined;
    return Object.hasOwn(USED, kind) ? `${change.address} is deleted: ${USED[kind]}` : undefined;
  }
  if (!/^(kubernetes_manifest|kubectl_manifest)$/.test(change.type)) return undefined;
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
  if (change.before === null || !/^(kubernetes_manifest|kubectl_manifest|helm_release)$/.test(change.type)) return [];
  const namesOf = (side: ResourceChange["before"]) =>
    [...objectsOf(change.type, side)].filter((object) => object.kind === kind).map(({ name }) => name);
  const kept = new Set(destroys(change) ? [] : namesOf(change.after));
  return namesOf(change.before).filter((name) => !kept.has(name));
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
