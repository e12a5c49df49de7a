import { type Comment, type Conversation, findOwn, marker, request, TOO_LONG, upsert } from "./sticky";

export { marker } from "./sticky";

/** The part of GitHub that is needed to keep one comment up to date. */
export interface CommentTarget {
  /** `https://api.github.com`, or a server of one's own (`GITHUB_API_URL`). */
  readonly api: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Number of the pull request. */
  readonly pullRequest: number;
}

interface RawComment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login?: string };
  readonly html_url?: string;
}

const PAGE = 100;
/** More comments than this were not looked through: a pull request that long starts a new one. */
const MOST_PAGES = 50;

/** {@link upsert} for GitHub, the comment told from others by a key. */
export function upsertComment(target: CommentTarget & Keyed, full: string, short: string): Promise<string> {
  return upsert(new GitHubComments(target), firstLine(target), full, short);
}

/** Whether there is a comment that would now be wrong: nothing to say needs no new one. */
export async function hasComment(target: CommentTarget & Keyed): Promise<boolean> {
  return (await findOwn(new GitHubComments(target), firstLine(target))) !== undefined;
}

interface Keyed {
  /** What tells this comment from others of the same author, e.g. the app. */
  readonly key: string;
}

function firstLine({ key }: Keyed): string {
  return `<!-- ${marker(key)} -->`;
}

export class GitHubComments implements Conversation {
  public constructor(private readonly target: CommentTarget) {}

  public async *comments(): AsyncIterable<Comment> {
    const login = await this.login();
    const { repository, pullRequest } = this.target;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const path = `/repos/${repository}/issues/${pullRequest}/comments?per_page=${PAGE}&page=${page}`;
      const comments = (await this.ask("GET", path)).body as readonly RawComment[];
      for (const { id, body = "", user } of comments) yield { id, body, own: sameLogin(user?.login, login) };
      if (comments.length < PAGE) return;
    }
  }

  public create(body: string): Promise<string | typeof TOO_LONG> {
    const { repository, pullRequest } = this.target;
    return this.write("POST", `/repos/${repository}/issues/${pullRequest}/comments`, body);
  }

  public update(id: Comment["id"], body: string): Promise<string | typeof TOO_LONG> {
    return this.write("PATCH", `/repos/${this.target.repository}/issues/comments/${id}`, body);
  }

  private async write(method: string, path: string, body: string): Promise<string | typeof TOO_LONG> {
    const answer = await this.ask(method, path, { body }, [422]);
    if (answer.status === 422) {
      const text = JSON.stringify(answer.body);
      if (/too long/i.test(text)) return TOO_LONG;
      throw new Error(`GitHub refuses the comment: ${text.slice(0, 300)}`);
    }
    return (answer.body as RawComment).html_url ?? "";
  }

  /** The account of the token. An Actions token may not ask for its user by REST. */
  private async login(): Promise<string> {
    const answer = await this.ask("POST", "/graphql", { query: "{ viewer { login } }" });
    const login = (answer.body as { data?: { viewer?: { login?: string } } }).data?.viewer?.login;
    if (!login) throw new Error("GitHub does not say whose token this is");
    return login;
  }

  private ask(method: string, path: string, body?: unknown, tolerated?: readonly number[]) {
    const { api, token } = this.target;
    const url = path === "/graphql" ? `${api.replace(/\/v3$/, "")}/graphql` : `${api}${path}`;
    const headers = {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
    };
    return request({ host: "GitHub", method, url, headers, body, tolerated });
  }
}

/** GraphQL tells an app's account without `[bot]`, REST with it. */
function sameLogin(login: string | undefined, viewer: string): boolean {
  return login !== undefined && login.replace(/\[bot\]$/, "") === viewer.replace(/\[bot\]$/, "");
}
