import { compareVersions, parseVersion } from "../../lib/facts/semver";

/** One version in the changelog. */
export interface ChangelogSection {
  readonly version: string;
  /** `unreleased`, or the day as `YYYY-MM-DD`. */
  readonly date: string;
  readonly body: string;
}

const HEADING = /^## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d{2}-\d{2})\)$/gm;
const PLAN = /(<!-- plan of the upgrade from [^\n]* -->\n).*?(?=<!-- end -->)/s;

/** The versions of a changelog, newest first. */
export function sectionsOf(changelog: string): ChangelogSection[] {
  const headings = [...changelog.matchAll(HEADING)];
  return headings.map((heading, index) => ({
    version: heading[1] ?? "",
    date: heading[2] ?? "",
    body: changelog.slice(heading.index + heading[0].length, headings[index + 1]?.index).trim(),
  }));
}

/** What a section declares that the upgrade to it plans; undefined where it declares nothing. */
export function declaredPlan(body: string): string | undefined {
  const block = PLAN.exec(body);
  return block?.[0].slice(block[1]?.length).trim();
}

/** The changelog with what the upgrade to its newest version plans. @throws Error where there is no place for it. */
export function withDeclaredPlan(changelog: string, plan: string): string {
  if (!PLAN.test(changelog)) throw new Error("CHANGELOG.md has no '<!-- plan of the upgrade from … -->'");
  return changelog.replace(PLAN, (_, head: string) => `${head}\n${plan}\n\n`);
}

/** The changelog with its unreleased version released. @throws Error where the newest version is not that one. */
export function released(changelog: string, version: string, date: string): string {
  const [newest] = sectionsOf(changelog);
  if (newest?.version !== version || newest.date !== "unreleased")
    throw new Error(`CHANGELOG.md does not begin with '## ${version} (unreleased)'`);
  return changelog.replace(`## ${version} (unreleased)`, `## ${version} (${date})`);
}

/**
 * The changelog with a version opened above the newest one.
 *
 * @throws Error where the newest is not released, or the version is none or not above it.
 */
export function withNextVersion(changelog: string, version: string): string {
  const [newest] = sectionsOf(changelog);
  if (newest === undefined || newest.date === "unreleased")
    throw new Error(`CHANGELOG.md has ${newest?.version ?? "no version"} still unreleased`);
  const [wanted, before] = [parseVersion(version), parseVersion(newest.version)];
  if (!/^\d+\.\d+\.\d+$/.test(version) || wanted === undefined || before === undefined)
    throw new Error(`'${version}' is no version; give one such as 1.2.3`);
  if (compareVersions(wanted, before) <= 0) throw new Error(`${version} is not above ${newest.version}`);
  const heading = `## ${newest.version} (${newest.date})`;
  const section = `## ${version} (unreleased)\n\n<!-- plan of the upgrade from ${newest.version} -->\n\nNothing: all plans are empty.\n\n<!-- end -->\n\n`;
  return changelog.replace(heading, () => section + heading);
}
