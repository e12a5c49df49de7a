import type { PersistentVolumeClaim } from "../client";
import type { Action, Snapshot } from "./snapshot";

const PROVISIONERS = ["pd.csi.storage.gke.io", "kubernetes.io/gce-pd"];
const PROVISIONER_ANNOTATIONS = [
  "volume.kubernetes.io/storage-provisioner",
  "volume.beta.kubernetes.io/storage-provisioner",
];

/**
 * Plays the driver of Google's disks: a claim that asks for one gets a volume. Whoever waits for the claim (a
 * Prometheus with storage) goes on then. No data is kept anywhere: no pod of the sandbox writes any.
 */
export function provisionVolumes({ claims }: Snapshot): Action[] {
  return claims
    .filter((claim) => !claim.spec?.volumeName && !claim.metadata.deletionTimestamp && asksForDisk(claim))
    .map((claim) => ({ do: "create", path: "/api/v1/persistentvolumes", object: volumeFor(claim) }));
}

/** The other half of the driver: a volume whose claim is gone goes too. */
export function deleteReleasedVolumes({ volumes }: Snapshot): Action[] {
  return volumes
    .filter(({ metadata, spec }) => PROVISIONERS.includes(spec?.csi?.driver ?? "") && !metadata.deletionTimestamp)
    .filter(({ spec, status }) => status?.phase === "Released" && spec?.persistentVolumeReclaimPolicy === "Delete")
    .map(({ metadata }) => ({ do: "delete", path: `/api/v1/persistentvolumes/${metadata.name}` }));
}

/** The binder writes the provisioner on a claim when it is the driver's turn, which may be after a pod was placed. */
function asksForDisk({ metadata }: PersistentVolumeClaim): boolean {
  return PROVISIONER_ANNOTATIONS.some((key) => PROVISIONERS.includes(metadata.annotations?.[key] ?? ""));
}

function volumeFor({ metadata, spec }: PersistentVolumeClaim): object {
  const name = `pvc-${metadata.uid}`;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name,
      annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONERS[0] },
    },
    spec: {
      accessModes: spec?.accessModes ?? ["ReadWriteOnce"],
      capacity: { storage: spec?.resources?.requests?.storage ?? "1Gi" },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      csi: { driver: PROVISIONERS[0], fsType: "ext4", volumeHandle: `sandbox/${name}` },
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: spec?.storageClassName,
      volumeMode: spec?.volumeMode ?? "Filesystem",
    },
  };
}
