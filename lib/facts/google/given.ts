/** What an object has whose configuration says nothing of it, by type, as blocks of the configuration. */
export const GIVEN: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  // https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters#databaseencryption
  google_container_cluster: { database_encryption: { state: "DECRYPTED" } },
};
