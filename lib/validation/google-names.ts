import type { Check } from "./check";
import { text } from "./kinds";

/** Id of a project, with the domain of its organization in front in old ones. */
export function projectId(): Check {
  return text({
    matches: /^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/,
    rule: "is not the id of a project",
    remedy: "use its id (not its name or number): 6 to 30 lower case letters, digits and dashes",
  });
}

/** Name of a Cloud Storage bucket. */
export function bucketName(): Check {
  return text({
    matches: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/,
    rule: "is not a bucket name",
    remedy: "use 3 to 63 lower case letters, digits, dots, dashes and underscores, without gs://",
  });
}

/** A repository of GitHub as its address has it. */
export function repositoryName(): Check {
  return text({
    matches: /^[\w.-]+\/[\w.-]+$/,
    rule: "is not a repository",
    remedy: "write it as owner/name",
  });
}
