import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BitbucketComments } from "../../lib/preview/github/bitbucket";
import { hasComment, marker, upsertComment } from "../../lib/preview/github/comment";
import { GitLabNotes } from "../../lib/preview/github/gitlab";
import { findPullRequest } from "../../lib/preview/github/pull-request";
import { findReviewedRun } from "../../lib/preview/github/reviewed-run";
import { upsert } from "../../lib/preview/github/sticky";
import { main } from "../../lib/preview/run/main";
import { report } from "./sample";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: Record<string, unknown>;
  readonly token?: string;
}

type Answer = readonly [status: number, body: unknown];

let server: Server;
let calls: Call[];
let answer: (call: Call) => Answer;
let api: string;

beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const call = {
      method: request.method!,
      path: request.url!,
      body: text ? JSON.parse(text) : undefined,
      token: request.headers.authorization,
    };
    calls.push(call);
    const [status, body] = answer(call);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed)));
beforeEach(() => {
  calls = [];
});

const target = () => ({ api, token: "t", repository: "acme/platform", pullRequest: 7, key: "preview" });
const FIRST = `<!-- ${marker("preview")} -->`;

/** A pull request with these comments, seen by the Actions account. */
function pullRequest(
  comments: readonly { id: number; body: string; user: { login: string } }[],
  refuse: (body: string) => boolean = () => false,
) {
  answer = ({ method, path, body }) => {
    if (path === "/graphql") return [200, { data: { viewer: { login: "github-actions" } } }];
    if (method === "GET") {
      const page = Number(new URL(path, api).searchParams.get("page"));
      return [200, comments.slice((page - 1) * 100, page * 100)];
    }
    if (refuse(String(body!["body"])))
      return [
        422,
        { message: "Validation Failed", errors: [{ message: "Body is too long (maximum is 65536 characters)" }] },
      ];
    return [200, { html_url: `https://example.com/${method}` }];
  };
}
const own = (id: number, body = `${FIRST}\nold`) => ({ id, body, user: { login: "github-actions[bot]" } });
const other = (id: number, login = "octocat", body = "hello") => ({ id, body, user: { login } });
const writes = () => calls.filter(({ method, path }) => method !== "GET" && path !== "/graphql");

describe("the comment", () => {
  test("is written once and then rewritten, wherever it stands in a long conversation", async () => {
    pullRequest([]);
    expect(await upsertComment(target(), "full", "short")).toBe("https://example.com/POST");
    expect(writes()).toMatchObject([
      { method: "POST", path: "/repos/acme/platform/issues/7/comments", body: { body: "full" }, token: "Bearer t" },
    ]);
    calls = [];
    pullRequest([...Array.from({ length: 130 }, (_, i) => other(i)), own(500)]);
    expect(await upsertComment(target(), "full", "short")).toBe("https://example.com/PATCH");
    expect(writes()).toMatchObject([{ method: "PATCH", path: "/repos/acme/platform/issues/comments/500" }]);
  });

  test("is looked for in the first 5,000, and no further", async () => {
    pullRequest([...Array.from({ length: 4_999 }, (_, i) => other(i)), own(5_000)]);
    await upsertComment(target(), "full", "short");
    expect(writes()).toMatchObject([{ method: "PATCH", path: "/repos/acme/platform/issues/comments/5000" }]);
    calls = [];
    pullRequest([...Array.from({ length: 5_000 }, (_, i) => other(i)), own(5_001)]);
    await upsertComment(target(), "full", "short");
    expect(writes()).toMatchObject([{ method: "POST" }]);
  });

  test("of somebody else is left alone, though it has the marker: anybody can write that", async () => {
    pullRequest([
      other(1, "mallory", `${FIRST}\nforged`),
      other(2, "github-actions[bot]", "another tool's"),
      own(3, `${FIRST.replace("preview", "other")}\n`),
    ]);
    await upsertComment(target(), "full", "short");
    expect(writes()).toMatchObject([{ method: "POST" }]);
    expect(await hasComment(target())).toBe(false);
  });

  test("falls back to its short form where GitHub finds it too long", async () => {
    pullRequest([own(3)], (body) => body.length > 10);
    await upsertComment(target(), "a very long text", "short");
    expect(writes().map(({ body }) => body!["body"])).toEqual(["a very long text", "short"]);
    pullRequest([own(3)], () => true);
    await expect(upsertComment(target(), "full", "short")).rejects.toThrow(/even the short form/);
  });

  test("that is refused for another reason is an error with GitHub's words", async () => {
    answer = ({ path }) =>
      path === "/graphql"
        ? [200, { data: { viewer: { login: "x" } } }]
        : [403, { message: "Resource not accessible by integration" }];
    await expect(upsertComment(target(), "full", "short")).rejects.toThrow(/403 .*Resource not accessible/);
    answer = () => [200, { data: {} }];
    await expect(upsertComment(target(), "full", "short")).rejects.toThrow(/does not say whose token/);
  });
});

describe("the reviewed run", () => {
  const run = (more: object) => ({
    id: 1,
    head_sha: "abc",
    path: ".github/workflows/preview.yml@refs/pull/7/merge",
    event: "pull_request",
    conclusion: "success",
    repository: { id: 10 },
    head_repository: { id: 10 },
    ...more,
  });
  const find = (...runs: object[]) => {
    answer = () => [200, { workflow_runs: runs }];
    return findReviewedRun({
      api,
      token: "t",
      repository: "acme/platform",
      commit: "abc",
      workflow: ".github/workflows/preview.yml",
    });
  };

  test("is the newest green one of that workflow for that commit", async () => {
    expect(await find(run({ id: 5 }), run({ id: 9 }), run({ id: 7 }))).toBe(9);
    expect(calls[0]!.path).toContain("head_sha=abc");
  });

  test.each([
    ["another commit", { head_sha: "def" }],
    ["another workflow", { path: ".github/workflows/other.yml" }],
    ["a fork", { head_repository: { id: 11 } }],
    ["a repository that is gone", { head_repository: null }],
    ["another event", { event: "push" }],
    ["a red preview", { conclusion: "failure" }],
    ["a preview still running", { conclusion: null }],
  ])("is not one of %s", async (_, more) => {
    expect(await find(run(more))).toBeUndefined();
  });
});

test("the pull request of a fork is found by branch and commit, and not once it has moved on", async () => {
  answer = () => [
    200,
    [
      { number: 4, head: { sha: "abc" } },
      { number: 5, head: { sha: "def" } },
    ],
  ];
  const query = { api, token: "t", repository: "acme/platform", head: "octocat:fix", commit: "def" };
  expect(await findPullRequest(query)).toBe(5);
  expect(calls[0]!.path).toContain("head=octocat%3Afix");
  expect(await findPullRequest({ ...query, commit: "123" })).toBeUndefined();
  expect(await findPullRequest({ ...query, head: undefined })).toBeUndefined();
});

describe("GitLab", () => {
  const target = () => ({
    api,
    token: "t",
    project: "acme/platform",
    mergeRequest: 7,
    web: "https://gitlab.example/acme",
  });
  const notes = (list: readonly object[], refuse: (body: string) => boolean = () => false) => {
    answer = ({ method, path, body }) => {
      if (path === "/user") return [200, { id: 42 }];
      if (method === "GET") {
        const page = Number(new URL(path, api).searchParams.get("page"));
        return [200, list.slice((page - 1) * 100, page * 100)];
      }
      return refuse(String(body!["body"])) ? [400, { message: { note: ["is too long"] } }] : [201, { id: 99 }];
    };
  };
  const note = (id: number, author: number, body = FIRST) => ({ id, body, author: { id: author }, system: false });

  test("a note is written once and then rewritten; one of somebody else is left alone", async () => {
    notes([note(1, 7), { ...note(2, 42), system: true }]);
    expect(await upsert(new GitLabNotes(target()), FIRST, "full", "short")).toBe(
      "https://gitlab.example/acme/-/merge_requests/7#note_99",
    );
    expect(writes()).toMatchObject([
      { method: "POST", path: "/projects/acme%2Fplatform/merge_requests/7/notes", body: { body: "full" } },
    ]);
    calls = [];
    notes([...Array.from({ length: 120 }, (_, i) => note(i, 7, "x")), note(500, 42)]);
    await upsert(new GitLabNotes(target()), FIRST, "full", "short");
    expect(writes()).toMatchObject([{ method: "PUT", path: "/projects/acme%2Fplatform/merge_requests/7/notes/500" }]);
  });

  test("one that is refused for its length is written in short, another refusal is told", async () => {
    notes([], (body) => body === "full");
    await upsert(new GitLabNotes(target()), FIRST, "full", "short");
    expect(writes().map(({ body }) => body!["body"])).toEqual(["full", "short"]);
    answer = ({ path }) => (path === "/user" ? [200, { id: 42 }] : [403, { message: "403 Forbidden" }]);
    await expect(upsert(new GitLabNotes(target()), FIRST, "full", "short")).rejects.toThrow(
      /GitLab answers 403 to GET/,
    );
  });
});

describe("Bitbucket", () => {
  const target = () => ({ api, token: "t", repository: "acme/platform", pullRequest: 7 });
  const line = "[//]: # (gke-cilium-preview:v1 key=preview)";
  const comment = (id: number, uuid: string, raw = `${line}\nold`) => ({ id, content: { raw }, user: { uuid } });

  test("a comment is written once and then rewritten, also on a later page", async () => {
    answer = ({ method, path }) => {
      if (path === "/user") return [200, { uuid: "{me}" }];
      if (method !== "GET") return [200, { links: { html: { href: "https://bitbucket.example/c" } } }];
      if (path.endsWith("page=2")) return [200, { values: [comment(9, "{me}")] }];
      return [
        200,
        { values: [comment(1, "{other}")], next: `${api}/repositories/acme/platform/pullrequests/7/comments?page=2` },
      ];
    };
    expect(await upsert(new BitbucketComments(target()), line, "full", "short")).toBe("https://bitbucket.example/c");
    expect(writes()).toMatchObject([
      {
        method: "PUT",
        path: "/repositories/acme/platform/pullrequests/7/comments/9",
        body: { content: { raw: "full" } },
      },
    ]);
  });

  test("a next page at another address is not asked for: the token goes nowhere else", async () => {
    answer = ({ method, path }) => {
      if (path === "/user") return [200, { uuid: "{me}" }];
      if (method !== "GET") return [200, {}];
      return [200, { values: [], next: "https://evil.example/steal" }];
    };
    await upsert(new BitbucketComments(target()), line, "full", "short");
    expect(writes()).toMatchObject([{ method: "POST" }]);
  });

  test("a token that may not ask whose it is needs the account named", async () => {
    answer = ({ method, path }) =>
      path === "/user" ? [403, {}] : method === "GET" ? [200, { values: [comment(3, "{me}")] }] : [200, {}];
    await expect(upsert(new BitbucketComments(target()), line, "full", "short")).rejects.toThrow(
      /set BITBUCKET_ACCOUNT/,
    );
    await upsert(new BitbucketComments({ ...target(), account: "{me}" }), line, "full", "short");
    expect(writes()).toMatchObject([{ method: "PUT" }]);
  });
});

describe("the command that comments", () => {
  const names = ["GITLAB_CI", "GITLAB_TOKEN", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "CI_API_V4_URL"] as const;
  afterEach(() => {
    for (const name of names) delete process.env[name];
    jest.restoreAllMocks();
  });

  test("finds everything in a pipeline of GitLab, and keeps apps apart by their key", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "comment-")), "report.json");
    writeFileSync(file, JSON.stringify(report({ findings: [] })));
    const values = {
      GITLAB_CI: "true",
      GITLAB_TOKEN: "t",
      CI_PROJECT_ID: "12",
      CI_MERGE_REQUEST_IID: "7",
      CI_API_V4_URL: api,
    };
    for (const name of names) process.env[name] = values[name];
    jest.spyOn(process.stdout, "write").mockReturnValue(true);
    answer = ({ method, path }) =>
      path === "/user" ? [200, { id: 1 }] : method === "GET" ? [200, []] : [201, { id: 5 }];
    expect(await main(["comment", file, "--key", "shop"])).toBe(0);
    expect(String(writes()[0]!.body!["body"])).toMatch(/^<!-- gke-cilium-preview:v1 key=shop -->\n\n## /);
  });

  test("says which variable is missing", async () => {
    process.env["GITLAB_CI"] = "true";
    const told: string[] = [];
    jest.spyOn(process.stderr, "write").mockImplementation((text) => told.push(String(text)) > 0);
    expect(await main(["comment", "report.json"])).toBe(1);
    expect(told.join("")).toContain("GITLAB_TOKEN is not set; give it an access token with the scope api");
  });
});
