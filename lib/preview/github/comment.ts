/** The part of GitHub that is needed to keep one comment up to date. */
export interface CommentTarget {
  /** `https://api.github.com`, or a server of one's own (`GITHUB_API_URL`). */
  readonly api: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Number of the pull request. */
  readonly pullRequest: number;
  /** What tells this comment from others of the same author, e.g. the workflow. */
  readonly key: string;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login?: string };
  readonly html_url?: string;
}

const PAGE = 100;
/** More comments than this were not looked through: a pull request that long starts a new one. */
const MOST_PAGES = 50;

/** First line of a sticky comment. It names no version, so that an update of this tool finds the comment of the last one. */
export function marker(key: string): string {
  return `gke-cilium-preview:v1 key=${key.replace(/[^\w./-]/g, "_")}`;
}

/**
 * Writes a comment, or rewrites the one that is there. Only a comment of the token's own account is touched: anybody can
 * write the marker.
 *
 * @param full The report.
 * @param short What is written where GitHub refuses the report for its length.
 * @returns the comment's address.
 * @throws Error with GitHub's answer.
 */
export async function upsertComment(target: CommentTarget, full: string, short: string): Promise<string> {
  const github = new GitHub(target);
  const existing = await github.findOwn(`<!-- ${marker(target.key)} -->`);
  const write = (body: string) => (existing ? github.update(existing.id, body) : github.create(body));
  const written = await write(full);
  if (written !== "too long") return written;
  const again = await write(short);
  if (again === "too long") throw new Error("GitHub refuses even the short form of the comment for its length");
  return again;
}

/** Leaves a comment that is out of date alone unless there is one: nothing to say needs no new comment. */
export async function hasComment(target: CommentTarget): Promise<boolean> {
  return (await new GitHub(target).findOwn(`<!-- ${marker(target.key)} -->`)) !== undefined;
}

class GitHub {
  public constructor(private readonly target: CommentTarget) {}

  public async findOwn(firstLine: string): Promise<Comment | undefined> {
    const login = await this.login();
    const { repository, pullRequest } = this.target;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const path = `/repos/${repository}/issues/${pullRequest}/comments?per_page=${PAGE}&page=${page}`;
      const comments = (await this.request("GET", path)).body as readonly Comment[];
      const own = comments.find(({ body, user }) => body?.startsWith(firstLine) && sameLogin(user?.login, login));
      if (own) return own;
      if (comments.length < PAGE) return undefined;
    }
    return undefined;
  }

  public create(body: string): Promise<string> {
    const { repository, pullRequest } = this.target;
    return this.write("POST", `/repos/${repository}/issues/${pullRequest}/comments`, body);
  }

  public update(id: number, body: string): Promise<string> {
    return this.write("PATCH", `/repos/${this.target.repository}/issues/comments/${id}`, body);
  }

  private async write(method: string, path: string, body: string): Promise<string> {
    const answer = await this.request(method, path, { body }, [422]);
    if (answer.status === 422) {
      const text = JSON.stringify(answer.body);
      if (/too long/i.test(text)) return "too long";
      throw new Error(`GitHub refuses the comment: ${text.slice(0, 300)}`);
    }
    return (answer.body as Comment).html_url ?? "";
  }

  /** The account of the token. An Actions token may not ask for its user by REST. */
  private async login(): Promise<string> {
    const answer = await this.request("POST", "/graphql", { query: "{ viewer { login } }" });
    const login = (answer.body as { data?: { viewer?: { login?: string } } }).data?.viewer?.login;
    if (!login) throw new Error("GitHub does not say whose token this is");
    return login;
  }

  private async request(method: string, path: string, body?: unknown, tolerated: readonly number[] = []) {
    const { api, token } = this.target;
    const url = path === "/graphql" ? `${api.replace(/\/v3$/, "")}/graphql` : `${api}${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "user-agent": "gke-cilium-preview",
        "x-github-api-version": "2022-11-28",
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok && !tolerated.includes(response.status)) {
      const text = (await response.text()).slice(0, 300);
      throw new Error(`GitHub answers ${response.status} to ${method} ${path.split("?")[0]}: ${text}`);
    }
    return { status: response.status, body: (await response.json()) as unknown };
  }
}

/** GraphQL tells an app's account without `[bot]`, REST with it. */
function sameLogin(login: string | undefined, viewer: string): boolean {
  return login !== undefined && login.replace(/\[bot\]$/, "") === viewer.replace(/\[bot\]$/, "");
}
