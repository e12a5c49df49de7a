import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { released, sectionsOf, withNextVersion } from "./changelog";

const USAGE = `npm run release -- COMMAND

  check          what a release needs: a clean tree, the changelog's version in package.json, a reference that is true
  tag            dates the changelog's newest version, commits and tags it; pushing the tag publishes it (release.yml)
  next VERSION   opens the version after it, in the changelog and in package.json
  notes          prints the changelog of package.json's version, for the release's page
`;

const root = resolve(__dirname, "..", "..", "..");
const changelogFile = join(root, "CHANGELOG.md");
const changelog = () => readFileSync(changelogFile, "utf8").replaceAll("\r\n", "\n");
const version = () => (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
const git = (...args: readonly string[]) => execFileSync("git", [...args], { cwd: root, encoding: "utf8" });

const COMMANDS: Readonly<Record<string, (argument: string) => void>> = {
  check,
  tag() {
    check();
    const today = new Date().toISOString().slice(0, 10);
    writeFileSync(changelogFile, released(changelog(), version(), today));
    git("commit", "--quiet", "--message", `release: ${version()}`, "--", "CHANGELOG.md");
    git("tag", "--annotate", `v${version()}`, "--message", `v${version()}`);
    process.stdout.write(`v${version()} is tagged here. Publish it with: git push origin HEAD v${version()}\n`);
  },
  next(wanted) {
    writeFileSync(changelogFile, withNextVersion(changelog(), wanted));
    execFileSync("npm", ["version", "--no-git-tag-version", wanted], { cwd: root, stdio: "ignore" });
    process.stdout.write(`${wanted} is open. Commit CHANGELOG.md, package.json and package-lock.json.\n`);
  },
  notes() {
    const section = sectionsOf(changelog()).find((each) => each.version === version());
    if (section === undefined) throw new Error(`CHANGELOG.md has no ${version()}`);
    process.stdout.write(`${section.body}\n`);
  },
};

/** @throws Error with everything that is missing. */
function check(): void {
  const problems: string[] = [];
  if (git("status", "--porcelain") !== "") problems.push("there are changes that are not committed");
  if (git("tag", "--list", `v${version()}`) !== "") problems.push(`v${version()} is tagged already`);
  const [newest] = sectionsOf(changelog());
  if (newest?.version !== version() || newest.date !== "unreleased")
    problems.push(`CHANGELOG.md does not begin with '## ${version()} (unreleased)', the version of package.json`);
  try {
    execFileSync(process.execPath, [join(root, "dist/scripts/reference/main.js"), "--check"], { stdio: "ignore" });
  } catch {
    problems.push("docs/reference.md is not what the code says; npm run reference writes it");
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

const [name = "", argument = ""] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else
  try {
    command(argument);
  } catch (error) {
    process.stderr.write(`release: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
