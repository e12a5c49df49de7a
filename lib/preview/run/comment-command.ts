import { BitbucketComments } from "../github/bitbucket";
import { GitHubComments } from "../github/comment";
import { GitLabNotes } from "../github/gitlab";
import { findPullRequest } from "../github/pull-request";
import { type Conversation, findOwn, marker, upsert } from "../github/sticky";
import { FLAVOURS, type FlavourName } from "../render/flavour";
import { renderMarkdown } from "../render/markdown";
import { mergeReports } from "../report/merge";
import { readReport } from "../report/read";
import { type Arguments, parseCommand, UsageError } from "./command-line";
import { type CommandContext, expectedOf } from "./commands";

/** Room for a comment's short form: the risks and the table of stacks. */
const SHORT_COMMENT = 20_000;

type Environment = CommandContext["environment"];

/** `comment`: puts a report on a pull or merge request. */
export async function commentCommand(args: readonly string[], context: CommandContext): Promise<void> {
  const given = parseCommand("comment", args);
  const host = hostOf(given.one("on"), context.environment);
  const conversation = await CONVERSATIONS[host](given, context.environment);
  const report = mergeReports(given.operands.map(readReport), undefined, expectedOf(given.many("expect")));
  const key = marker(given.one("key") ?? "preview");
  const firstLine = FLAVOURS[host].marker(key);
  // Nothing to say, and nothing said before that would now be wrong.
  if (report.verdict === "unchanged" && !(await findOwn(conversation, firstLine))) return;
  const options = { marker: key, link: given.one("link"), flavour: host };
  const short = renderMarkdown(report, { ...options, limit: SHORT_COMMENT });
  const url = await upsert(conversation, firstLine, renderMarkdown(report, options), short);
  context.print(`${url}\n`);
}

function hostOf(wanted: string | undefined, environment: Environment): FlavourName {
  if (wanted !== undefined) {
    if (wanted in FLAVOURS) return wanted as FlavourName;
    throw new UsageError(`--on ${wanted}: choose ${Object.keys(FLAVOURS).join(", ")}`);
  }
  if (environment["GITLAB_CI"] !== undefined) return "gitlab";
  return environment["BITBUCKET_BUILD_NUMBER"] !== undefined ? "bitbucket" : "github";
}

type Connect = (given: Arguments, environment: Environment) => Promise<Conversation>;

const CONVERSATIONS: Readonly<Record<FlavourName, Connect>> = {
  github: async (given, { GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY }) => {
    const repository = given.one("repo") ?? GITHUB_REPOSITORY ?? "";
    const token = needed(GITHUB_TOKEN, "GITHUB_TOKEN", "a token that may write comments");
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new UsageError("comment: give --repo <owner>/<name>");
    const api = GITHUB_API_URL ?? "https://api.github.com";
    const search = { api, token, repository, head: given.one("head"), commit: given.one("commit") };
    const found = given.one("pr") ?? (await findPullRequest(search));
    const pullRequest = numberOf(
      found,
      "--pr <number>, or --head <owner:branch> and --commit <sha> of an open pull request",
    );
    return new GitHubComments({ api, token, repository, pullRequest });
  },
  gitlab: async (given, environment) => {
    const token = needed(environment["GITLAB_TOKEN"], "GITLAB_TOKEN", "an access token with the scope api");
    const project = given.one("repo") ?? environment["CI_PROJECT_ID"] ?? "";
    if (!/^[\w./-]+$/.test(project)) throw new UsageError("comment: give --repo <project>");
    const mergeRequest = numberOf(given.one("pr") ?? environment["CI_MERGE_REQUEST_IID"], "--pr <number>");
    const api = environment["CI_API_V4_URL"] ?? "https://gitlab.com/api/v4";
    return new GitLabNotes({ api, token, project, mergeRequest, web: environment["CI_PROJECT_URL"] });
  },
  bitbucket: async (given, environment) => {
    const token = needed(environment["BITBUCKET_TOKEN"], "BITBUCKET_TOKEN", "an access token with pullrequest:write");
    const repository = given.one("repo") ?? environment["BITBUCKET_REPO_FULL_NAME"] ?? "";
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new UsageError("comment: give --repo <workspace>/<repository>");
    const pullRequest = numberOf(given.one("pr") ?? environment["BITBUCKET_PR_ID"], "--pr <number>");
    const api = environment["BITBUCKET_API_URL"] ?? "https://api.bitbucket.org/2.0";
    return new BitbucketComments({ api, token, repository, pullRequest, account: environment["BITBUCKET_ACCOUNT"] });
  },
};

function needed(value: string | undefined, name: string, what: string): string {
  if (!value) throw new UsageError(`comment: ${name} is not set; give it ${what}`);
  return value;
}

function numberOf(text: string | number | undefined, how: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`comment: give ${how}`);
  return number;
}
