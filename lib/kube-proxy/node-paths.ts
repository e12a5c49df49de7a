/** Static pods of the kubelet: what lies there runs. */
export const MANIFEST_DIRECTORY = "/etc/kubernetes/manifests";

/** Where the start-up scripts of GKE's nodes copy kube-proxy's manifest from, at every boot. */
export const SOURCE_DIRECTORY = "/home/kubernetes/kube-manifests/kubernetes";

/** Keeps the manifest that was taken away. Writable on Container-Optimized OS, and survives the pod. */
export const SAVED_DIRECTORY = "/var/lib/kube-proxy-disabler";
