/** A comment of a conversation as far as it is needed to find and rewrite it. */
export interface Comment {
  readonly id: number | string;
  readonly body: string;
  /** Written by the account that the token belongs to. */
  readonly own: boolean;
}

/** A host's pull or merge request, reduced to what keeps one comment up to date. */
export interface Conversation {
  /** Its comments, page by page. */
  readonly comments: () => AsyncIterable<Comment>;
  /** @returns the comment's address, or that the host refuses it for its length. */
  readonly create: (body: string) => Promise<string | typeof TOO_LONG>;
  readonly update: (id: Comment["id"], body: string) => Promise<string | typeof TOO_LONG>;
}

export const TOO_LONG = Symbol("too long");

/** First line of a sticky comment. It names no version, so that an update of this tool finds the comment of the last one. */
export function marker(key: string): string {
  return `gke-cilium-preview:v1 key=${key.replace(/[^\w./-]/g, "_")}`;
}

/** The own comment that begins with this line. Only one of the token's account counts: anybody can write the marker. */
export async function findOwn(conversation: Conversation, firstLine: string): Promise<Comment | undefined> {
  for await (const comment of conversation.comments()) {
    if (comment.own && comment.body.trimStart().startsWith(firstLine)) return comment;
  }
  return undefined;
}

/**
 * Writes a comment, or rewrites the one that is there.
 *
 * @param full The report.
 * @param short What is written where the host refuses the report for its length.
 * @returns the comment's address.
 * @throws Error with the host's answer.
 */
export async function upsert(
  conversation: Conversation,
  firstLine: string,
  full: string,
  short: string,
): Promise<string> {
  const existing = await findOwn(conversation, firstLine);
  const write = (body: string) => (existing ? conversation.update(existing.id, body) : conversation.create(body));
  const written = await write(full);
  if (written !== TOO_LONG) return written;
  const again = await write(short);
  if (again === TOO_LONG) throw new Error("even the short form of the comment is refused for its length");
  return again;
}

export interface RequestOptions {
  readonly host: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Statuses that are answers, not failures. */
  readonly tolerated?: readonly number[];
}

/** One request to a host's API. @throws Error with the beginning of its answer. */
export async function request({ host, method, url, headers, body, tolerated = [] }: RequestOptions) {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", "user-agent": "gke-cilium-preview", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  if (!response.ok && !tolerated.includes(response.status)) {
    throw new Error(`${host} answers ${response.status} to ${method} ${new URL(url).pathname}: ${text.slice(0, 300)}`);
  }
  let parsed: unknown;
  try {
    parsed = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new Error(`${host} answers ${method} ${new URL(url).pathname} with something else than JSON`);
  }
  return { status: response.status, body: parsed };
}
