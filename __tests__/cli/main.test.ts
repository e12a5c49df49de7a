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
  expect(printed).toMatch(/stauts is no command[\s\S]*gke-cilium status/);
});
