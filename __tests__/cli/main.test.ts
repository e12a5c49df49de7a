import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../lib/cli/main";

/** What a command prints, and its exit code. */
async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly printed: string }> {
  let printed = "";
  const take = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  const out = jest.spyOn(process.stdout, "write").mockImplementation(take);
  const err = jest.spyOn(process.stderr, "write").mockImplementation(take);
  try {
    return { code: await main(args), printed };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

test("help lists every command, and each has help of its own", async () => {
  const { code, printed } = await run("--help");
  expect(code).toBe(0);
  const commands = [...printed.matchAll(/^ {2}gke-cilium (\w+)/gm)].map(([, name = ""]) => name);
  expect(commands).toEqual(expect.arrayContaining(["init", "doctor", "preview", "status", "hubble", "connectivity"]));
  for (const command of commands) {
    const help = await run(command, "--help");
    expect([command, help.code]).toEqual([command, 0]);
    expect(help.printed).toMatch(/usage/i);
  }
});

test("what is no command is said, with those that there are", async () => {
  const { code, printed } = await run("stauts");
  expect(code).toBe(1);
  expect(printed).toMatch(/stauts is no command; did you mean status\?[\s\S]*gke-cilium status/);
});

test.each(["--version", "-v"])("%s is the package's", async (flag) => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
  expect(await run(flag)).toEqual({ code: 0, printed: `${version}\n` });
});

test.each([
  ["--bogus", /^init: --bogus is no option\n/],
  ["--locatoin", /^init: --locatoin is no option; did you mean --location\?\n/],
])("init says that %s is no option, and what was meant", async (flag, words) => {
  const { code, printed } = await run("init", flag, "asia-northeast1");
  expect([code, printed]).toEqual([1, expect.stringMatching(words)]);
});

test("init says where a file is in the way of a folder, and writes nothing", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gke-cilium-cli-"));
  try {
    const words = ["--environment", "dev=acme-dev", "--location", "asia-northeast1", "--name", "platform"];
    writeFileSync(join(directory, "environments"), "mine");
    const { code, printed } = await run("init", directory, ...words);
    expect([code, printed]).toEqual([
      1,
      expect.stringContaining(`${join(directory, "environments")}: a file is where`),
    ]);
    expect(readdirSync(directory)).toEqual(["environments"]);
    const within = await run("init", join(directory, "environments", "deep"), ...words);
    expect([within.code, within.printed]).toEqual([1, expect.stringContaining("a file is where a folder is needed")]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
