import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** The commit of 0.1.0, which nobody tagged. */
const FIRST_RELEASE = "331ec03850f9fee90017487c20954ce4945bd367";

/** A release as git knows it. */
export interface Release {
  readonly version: string;
  /** Tag or commit. */
  readonly ref: string;
}

/**
 * The release before this one: the newest version tag that is not of this version.
 *
 * @param current The version that package.json has.
 * @returns undefined where git has no such history, as in a shallow clone.
 */
export function previousRelease(root: string, current: string): Release | undefined {
  const { status, stdout } = spawnSync("git", ["tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname"], {
    cwd: root,
    encoding: "utf8",
  });
  const tag =
    status === 0 ? stdout.split("\n").find((name) => /^v\d+\.\d+\.\d+$/.test(name) && name !== `v${current}`) : "";
  if (tag) return { version: tag.slice(1), ref: tag };
  const known = spawnSync("git", ["cat-file", "-e", `${FIRST_RELEASE}^{commit}`], { cwd: root }).status === 0;
  return known ? { version: "0.1.0", ref: FIRST_RELEASE } : undefined;
}

/** Writes the files of a release into a directory. */
export function checkOut(root: string, { ref }: Release, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const archive = execFileSync("git", ["archive", "--format=tar", ref], { cwd: root, maxBuffer: 1e9 });
  execFileSync("tar", ["--extract", "--directory", directory], { input: archive });
}
