import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../sandbox/paths";
import { check, checkEqual, eventually } from "../harness/check";
import type { Scenario, Step } from "../harness/scenario";
import type { Bench } from "../rig/bench";

const DIRECTORY = "docs/examples";
/** What stands above commands that are run, with their output below. */
const RUN = /<!-- run by npm run e2e, in staging -->\n```sh\n(.*?)^```\n\n```text\n(.*?)^```/gms;

/** Commands of a page and what they print, as it says. */
interface Shown {
  readonly commands: readonly string[];
  readonly output: string;
}

function shownIn(page: string): Shown[] {
  const text = readFileSync(join(packageRoot(), DIRECTORY, page), "utf8").replaceAll("\r\n", "\n");
  return [...text.matchAll(RUN)].map(([, commands = "", output = ""]) => ({
    commands: commands.trim().split("\n"),
    output,
  }));
}

/** What the commands of a page make, and take away again, is as the page says. */
async function runPage(bench: Bench, page: string): Promise<void> {
  const before = await namespaces(bench);
  try {
    for (const { commands, output } of shownIn(page)) {
      let printed = "";
      for (const command of commands) {
        const [program, ...words] = command.split(" ");
        checkEqual(program, "kubectl", `the program of '${command}'`);
        printed += (await bench.kubectl(...words)).output;
      }
      checkEqual(printed.trimEnd(), output.trimEnd(), `what ${page} shows`);
    }
  } finally {
    const made = (await namespaces(bench)).filter((name) => !before.includes(name));
    for (const name of made) await bench.kubectl("delete", "namespace", name, "--wait=false");
    await eventually(`${made.join(", ")} gone`, 120, async () => {
      const now = await namespaces(bench);
      return made.some((name) => now.includes(name)) ? undefined : true;
    });
  }
}

async function namespaces(bench: Bench): Promise<string[]> {
  const all = await bench.kube().client.list<{ metadata: { name: string } }>("/api/v1/namespaces");
  return all.map(({ metadata }) => metadata.name);
}

const PAGES = readdirSync(join(packageRoot(), DIRECTORY)).filter(
  (page) => page.endsWith(".md") && shownIn(page).length > 0,
);

/** The pages of docs/examples, by the real kubectl against a real API server with Cilium's real definitions. */
export const EXAMPLES: Scenario = {
  id: "examples",
  title: "Examples: a real API server takes every manifest, and prints what the pages show",
  shows: "promises",
  environments: ["staging"],
  steps: PAGES.map(
    (page): Step => ({
      title: page,
      async run(bench) {
        check(shownIn(page).length > 0, `${page} shows nothing`);
        await runPage(bench, page);
      },
    }),
  ),
};
