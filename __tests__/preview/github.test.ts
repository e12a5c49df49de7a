import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hasComment, marker, upsertComment } from "../../lib/preview/github/comment";
import { findPullRequest } from "../../lib/preview/github/pull-request";
import { findReviewedRun } from "../../lib/preview/github/reviewed-run";

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
