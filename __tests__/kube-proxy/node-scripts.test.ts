import { agentGateScript, contentHash, nodeScripts, terraformText } from "../../lib/kube-proxy/node-scripts";

describe("the node's scripts", () => {
  test("every script that another one calls or sources is there", () => {
    const scripts = nodeScripts();
    const called = Object.values(scripts).flatMap((text) =>
      [...text.matchAll(/"\$here\/([\w-]+\.sh)"/g)].map((m) => m[1]),
    );
    expect(called.length).toBeGreaterThan(1);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(called));
  });

  test("the agent's script stands alone: it is not in the ConfigMap, whose name would restart all agents", () => {
    expect(Object.values(nodeScripts())).not.toContain(agentGateScript());
    expect(agentGateScript()).not.toMatch(/source |\$here/);
  });

  test("the hash changes with content and name, and not otherwise", () => {
    const hash = contentHash({ a: "1", b: "2" });
    expect(hash).toMatch(/^[0-9a-f]{10}$/);
    expect(contentHash({ a: "1", b: "2" })).toBe(hash);
    const others: Record<string, string>[] = [{ a: "1", b: "3" }, { a: "1", c: "2" }, { a: "1" }, { a: "1b", "": "2" }];
    for (const other of others) expect(contentHash(other)).not.toBe(hash);
  });

  test("Terraform reads a script back as it is, Bash's ${...} and printf's %{ too", () => {
    const text = 'x=${y:-"%{z}"} $((1)) 100% $$ %%{';
    const escaped = terraformText(text);
    expect(escaped).toBe('x=$${y:-"%%{z}"} $((1)) 100% $$ %%%{');
    expect(terraformText(Object.values(nodeScripts()).join(""))).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
  });
});
