/** Finds, among a repository's workflow runs, the one whose plans were reviewed. */
export interface RunQuery {
  readonly api: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Commit that was reviewed: the pull request's head. */
  readonly commit: string;
  /** Path of the calling workflow, `.github/workflows/preview.yml`. */
  readonly workflow: string;
}

interface Run {
  readonly id: number;
  readonly head_sha?: string;
  readonly path?: string;
  readonly event?: string;
  readonly conclusion?: string | null;
  readonly head_repository?: { readonly id?: number } | null;
  readonly repository?: { readonly id?: number };
}

/**
 * The newest successful pull-request run of that workflow for that commit, from a branch of this very repository. A
 * search by the artifact's name alone would also find what another branch or a fork planted under the same name.
 *
 * @returns undefined where there is none.
 * @throws Error with GitHub's answer.
 */
export async function findReviewedRun(query: RunQuery): Promise<number | undefined> {
  const { api, token, repository, commit, workflow } = query;
  const url = `${api}/repos/${repository}/actions/runs?head_sha=${encodeURIComponent(commit)}&event=pull_request&per_page=100`;
  const response = await fetch(url, {
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "user-agent": "gke-cilium-preview",
    },
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`GitHub answers ${response.status} to the search for runs of ${commit}`);
  const { workflow_runs: runs } = (await response.json()) as { workflow_runs?: readonly Run[] };
  return (runs ?? []).filter((run) => isReviewed(run, commit, workflow)).sort((a, b) => b.id - a.id)[0]?.id;
}

function isReviewed(run: Run, commit: string, workflow: string): boolean {
  const own = run.repository?.id !== undefined && run.head_repository?.id === run.repository.id;
  const path = run.path?.split("@")[0];
  return (
    own && run.head_sha === commit && path === workflow && run.event === "pull_request" && run.conclusion === "success"
  );
}
