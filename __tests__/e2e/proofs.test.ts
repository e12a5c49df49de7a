import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArguments } from "../../e2e/arguments";
import { runProofs, scriptOf } from "../../e2e/harness/proof-runner";
import { TimeLimit } from "../../e2e/harness/time-limit";
import { proofsOf } from "../../e2e/lanes";
import { PROOFS, type Proof } from "../../e2e/proofs";
import { SCENARIOS } from "../../e2e/scenarios";
import type { Reporter } from "../../sandbox/terminal";

const root = join(__dirname, "../..");

describe("the proofs", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };

  test.each(PROOFS)("$id is a program, and a script that runs it alone", (proof) => {
    for (const program of proof.programs) {
      expect(existsSync(join(root, program.replace(/\.js$/, ".ts")))).toBe(true);
      expect(scripts[scriptOf(proof)]).toContain(`node dist/${program}`);
    }
  });

  test("have names of their own", () => {
    const ids = PROOFS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(SCENARIOS.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([]);
  });

  test("are proven together by their word, each by its name, and none beside environments", () => {
    const chosen = (...words: string[]) => proofsOf(parseArguments(words)).map(({ id }) => id);
    expect(chosen()).toEqual([]);
    expect(chosen("proofs")).toEqual(PROOFS.map(({ id }) => id));
    expect(chosen("--only", "chart,drift")).toEqual(["chart"]);
    expect(chosen("staging", "--only", "promtool")).toEqual(["promtool"]);
  });
});

describe("a run of proofs", () => {
  const directory = mkdtempSync(join(tmpdir(), "proofs-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const lines: string[] = [];
  const reporter = {
    line: (text: string) => lines.push(text),
    task: () => ({ update: () => {}, done: () => {}, fail: () => {} }),
  } as unknown as Reporter;
  const proof = (id: string, ...bodies: string[]): Proof => ({
    id,
    title: id,
    needs: "nothing",
    programs: bodies.map((body, index) => {
      writeFileSync(join(directory, `${id}-${index}.js`), body);
      return `${id}-${index}.js`;
    }),
  });
  const run = (proofs: readonly Proof[], stopping = new AbortController().signal, limit = new TimeLimit()) =>
    runProofs(proofs, { reporter, programs: directory, directory, logs: join(directory, "logs"), stopping, limit });

  test("tells what passed, what failed with its output, and what was not run with the reason that was given", async () => {
    const results = await run([
      proof("well", "console.log('fine')", "console.log('fine, too')"),
      proof("wrong", "console.log('look at this'); process.exitCode = 3", "throw new Error('never reached')"),
      proof("lacking", "console.log('wrong:lacking: not run: no kernel'); console.log('bye'); process.exitCode = 77"),
    ]);
    expect(results.map(({ id, environment, outcome }) => [id, environment, outcome])).toEqual([
      ["well", "all", "passed"],
      ["wrong", "all", "failed"],
      ["lacking", "all", "not run"],
    ]);
    expect(results[1]?.steps[0]?.reason).toMatch(/exit status 3; .*wrong\.log has all of it\n[\s\S]*look at this/);
    expect(results[2]?.steps[0]?.reason).toBe("wrong:lacking: not run: no kernel");
    expect(lines.join("\n")).toContain("look at this");
    expect(readFileSync(join(directory, "logs/wrong.log"), "utf8")).not.toContain("never reached");
  });

  test("starts nothing more once it is to stop", async () => {
    const [result] = await run([proof("late", "process.exitCode = 1")], AbortSignal.abort());
    expect(result).toMatchObject({ outcome: "not run", steps: [{ reason: "the run was interrupted" }] });
  });

  test("starts nothing more once its time is over, and says that", async () => {
    let now = 0;
    const limit = new TimeLimit(10, () => now);
    const fine = proof("fine", "");
    const [inTime] = await run([fine], undefined, limit);
    now = 10 * 60_000;
    const [late] = await run([fine], undefined, limit);
    expect(inTime?.outcome).toBe("passed");
    expect(late).toMatchObject({ outcome: "not run", steps: [{ reason: expect.stringContaining("no time: ") }] });
  });

  test("stops what still runs long after its time, which is not run then and not failed", async () => {
    let now = 0;
    const limit = new TimeLimit(10, () => now, 0.01);
    now = 10 * 60_000 - 1;
    const [result] = await run([proof("endless", "setInterval(() => {}, 1000)")], undefined, limit);
    expect(result).toMatchObject({ outcome: "not run", steps: [{ reason: expect.stringContaining("it still ran") }] });
  });
});
