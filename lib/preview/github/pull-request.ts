/** What is known of a pull request from a fork: GitHub does not name it to the workflow that follows its run. */
export interface PullRequestQuery {
  readonly api: string;
  readonly token: string;
  /** `owner/name` of the repository it wants into. */
  readonly repository: string;
  /** `owner:branch` it comes from. */
  readonly head?: string;
  /** Its newest commit. */
  readonly commit?: string;
}

interface PullRequest {
  readonly number: number;
  readonly head?: { readonly sha?: string };
}

/**
 * The open pull request of that branch with that commit at its head. One that has moved on since is not found: what was
 * read is not what it proposes any more.
 *
 * @throws Error with GitHub's answer.
 */
export async function findPullRequest(query: PullRequestQuery): Promise<number | undefined> {
  const { api, token, repository, head, commit } = query;
  if (!head || !commit) return undefined;
  const url = `${api}/repos/${repository}/pulls?state=open&head=${encodeURIComponent(head)}&per_page=100`;
  const response = await fetch(url, {
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "user-agent": "gke-cilium-preview",
    },
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`GitHub answers ${response.status} to the search for the pull request of ${head}`);
  const pulls = (await response.json()) as readonly PullRequest[];
  return pulls.find((pull) => pull.head?.sha === commit)?.number;
}
