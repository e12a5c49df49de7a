import { type Comment, type Conversation, request, TOO_LONG } from "./sticky";

/** A pull request of Bitbucket Cloud. */
export interface BitbucketTarget {
  /** `https://api.bitbucket.org/2.0` */
  readonly api: string;
  /** Access token with `pullrequest:write`. */
  readonly token: string;
  /** `workspace/repository` */
  readonly repository: string;
  readonly pullRequest: number;
  /** UUID of the token's account, where the token may not ask for it. */
  readonly account?: string;
}

const MOST_PAGES = 50;

interface Page {
  readonly values?: readonly {
    readonly id: number;
    readonly deleted?: boolean;
    readonly content?: { readonly raw?: string };
    readonly user?: { readonly uuid?: string };
  }[];
  readonly next?: string;
}

export class BitbucketComments implements Conversation {
  public constructor(private readonly target: BitbucketTarget) {}

  public async *comments(): AsyncIterable<Comment> {
    const me = await this.account();
    let path: string | undefined = `${this.path}?pagelen=100`;
    for (let page = 0; path !== undefined && page < MOST_PAGES; page++) {
      const { values = [], next } = (await this.ask("GET", path)).body as Page;
      for (const { id, deleted, content, user } of values) {
        yield { id, body: content?.raw ?? "", own: deleted !== true && user?.uuid === me };
      }
      // Only what lies below the API's own address: the token goes nowhere else.
      path = next?.startsWith(`${this.target.api}/`) ? next.slice(this.target.api.length) : undefined;
    }
  }

  public create(body: string): Promise<string | typeof TOO_LONG> {
    return this.write("POST", this.path, body);
  }

  public update(id: Comment["id"], body: string): Promise<string | typeof TOO_LONG> {
    return this.write("PUT", `${this.path}/${id}`, body);
  }

  private get path(): string {
    const { repository, pullRequest } = this.target;
    return `/repositories/${repository}/pullrequests/${pullRequest}/comments`;
  }

  private async account(): Promise<string> {
    if (this.target.account !== undefined) return this.target.account;
    const { status, body } = await this.ask("GET", "/user", undefined, [401, 403]);
    const { uuid } = body as { readonly uuid?: string };
    if (status === 200 && uuid !== undefined) return uuid;
    throw new Error("Bitbucket does not say whose token this is; set BITBUCKET_ACCOUNT to the UUID of its account");
  }

  private async write(method: string, path: string, body: string): Promise<string | typeof TOO_LONG> {
    const answer = await this.ask(method, path, { content: { raw: body } }, [400, 413]);
    if (answer.status >= 400) {
      const text = JSON.stringify(answer.body);
      if (answer.status === 413 || /too long|maximum length|32768/i.test(text)) return TOO_LONG;
      throw new Error(`Bitbucket refuses the comment: ${text.slice(0, 300)}`);
    }
    const { links } = answer.body as { readonly links?: { readonly html?: { readonly href?: string } } };
    return links?.html?.href ?? "";
  }

  private ask(method: string, path: string, body?: unknown, tolerated?: readonly number[]) {
    const { api, token } = this.target;
    const headers = { authorization: `Bearer ${token}`, accept: "application/json" };
    return request({ host: "Bitbucket", method, url: api + path, headers, body, tolerated });
  }
}
