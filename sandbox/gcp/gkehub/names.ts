/** Full resource name of a fleet membership. */
export function membershipName(project: string, location: string, membership: string): string {
  return `//gkehub.googleapis.com/projects/${project}/locations/${location}/memberships/${membership}`;
}
