import { type Comment, type Conversation, request, TOO_LONG } from "./sticky";

/** A merge request of GitLab, of gitlab.com or of a server of one's own. */
export interface GitLabTarget {
  /** `https://gitlab.com/api/v4` (`CI_API_V4_URL`). */
  readonly api: string;
  /** Access token with the scope `api`; a job token may not write notes. */
  readonly token: string;
  /** Number or path of the project (`CI_PROJECT_ID`). */
  readonly project: string;
  /** Number within the project (`CI_MERGE_REQUEST_IID`). */
  readonly mergeRequest: number;
  /** Address of the project, for the note's own. */
  readonly web?: string;
}

const PAGE = 100;
/** A merge request with more notes than this gets a new one. */
const MOST_PAGES = 50;

interface Note {
  readonly id: number;
  readonly body?: string;
  readonly system?: boolean;
  readonly author?: { readonly id?: number };
}

export class GitLabNotes implements Conversation {
  public constructor(private readonly target: GitLabTarget) {}

  public async *comments(): AsyncIterable<Comment> {
    const me = (await this.ask("GET", "/user")).body as { readonly id?: number };
    for (let page = 1; page <= MOST_PAGES; page++) {
      const { body } = await this.ask("GET", `${this.path}?per_page=${PAGE}&page=${page}&sort=asc`);
      const notes = body as readonly Note[];
      for (const { id, body: text = "", author, system } of notes) {
        yield { id, body: text, own: system !== true && me.id !== undefined && author?.id === me.id };
      }
      if (notes.length < PAGE) return;
    }
  }

  public create(body: string): Promise<string | typeof TOO_LONG> {
    return this.write("POST", this.path, body);
  }

  public update(id: Comment["id"], body: string): Promise<string | typeof TOO_LONG> {
    return this.write("PUT", `${this.path}/${id}`, body);
  }

  private get path(): string {
    const { project, mergeRequest } = this.target;
    return `/projects/${encodeURIComponent(project)}/merge_requests/${mergeRequest}/notes`;
  }

  private async write(method: string, path: string, body: string): Promise<string | typeof TOO_LONG> {
    const answer = await this.ask(method, path, { body }, [400, 413, 422]);
    if (answer.status >= 400) {
      const text = JSON.stringify(answer.body);
      if (answer.status === 413 || /too long/i.test(text)) return TOO_LONG;
      throw new Error(`GitLab refuses the note: ${text.slice(0, 300)}`);
    }
    const { web, mergeRequest } = this.target;
    const { id } = answer.body as Note;
    return web === undefined ? `note ${id}` : `${web}/-/merge_requests/${mergeRequest}#note_${id}`;
  }

  private ask(method: string, path: string, body?: unknown, tolerated?: readonly number[]) {
    const { api, token } = this.target;
    return request({ host: "GitLab", method, url: api + path, headers: { "private-token": token }, body, tolerated });
  }
}
