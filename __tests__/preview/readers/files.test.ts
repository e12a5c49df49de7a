import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Secrets } from "../../../lib/preview/diff/secrets";
import { openSynth } from "../../../lib/preview/readers/synth";
import { configurationDigest } from "../../../lib/preview/run/kept-plans";
import { offline, pairStacks } from "../../../lib/preview/run/read-stacks";
import { reportOf } from "../support";

const root = mkdtempSync(join(tmpdir(), "preview-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const TEMPLATE = { resource: { kubernetes_persistent_volume_v1: { v: { spec: { local: { path: "/a" } } } } } };

/** A synthesized app of one stack with these files beside its template. */
function synth(name: string, files: Readonly<Record<string, string>>, template: unknown = TEMPLATE) {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, name, path)), { recursive: true });
    writeFileSync(join(root, name, path), text);
  };
  const stack = "stacks/dev-cluster";
  write(
    "manifest.json",
    JSON.stringify({
      stacks: { "dev-cluster": { synthesizedStackPath: `${stack}/cdk.tf.json`, workingDirectory: stack } },
    }),
  );
  write(`${stack}/cdk.tf.json`, JSON.stringify(template));
  for (const [path, text] of Object.entries(files)) write(`${stack}/${path}`, text);
  return openSynth(join(root, name));
}

const verdict = (base: ReturnType<typeof synth>, head: ReturnType<typeof synth>) => {
  const [pair] = pairStacks({ base, head, secrets: new Secrets(), environments: [] });
  return { same: pair!.same, verdict: reportOf([offline(pair!, new Secrets())]).verdict };
};
const digest = (of: ReturnType<typeof synth>) => configurationDigest(of, of.stacks[0]!);

const BASE = synth("base", { "assets/chart/a.yaml": "a: 1" });

test.each<[what: string, files: Record<string, string>, template: unknown]>([
  ["another asset", { "assets/chart/a.yaml": "a: 2" }, TEMPLATE],
  ["an asset less", {}, TEMPLATE],
  ["values of variables", { "assets/chart/a.yaml": "a: 1", "terraform.tfvars": 'x = "y"' }, TEMPLATE],
  ["more configuration", { "assets/chart/a.yaml": "a: 1", "override.tf": "" }, TEMPLATE],
  [
    "a path that is called local",
    { "assets/chart/a.yaml": "a: 1" },
    { resource: { kubernetes_persistent_volume_v1: { v: { spec: { local: { path: "/b" } } } } } },
  ],
])("%s is seen by what is affected, by what was reviewed, and by the reader", (what, files, template) => {
  const head = synth(what, files, template);
  expect(verdict(BASE, head)).toEqual({ same: false, verdict: "changes" });
  expect(digest(head)).not.toBe(digest(BASE));
});

test("what Terraform leaves behind while it works is no part of it", () => {
  const head = synth("worked", {
    "assets/chart/a.yaml": "a: 1",
    ".terraform/providers/x": "x",
    ".terraform.lock.hcl": "x",
    "terraform.tfstate": "{}",
    "terraform.tfstate.backup": "{}",
    ".terraform.tfstate.lock.info": "{}",
    plan: "x",
  });
  expect(verdict(BASE, head)).toEqual({ same: true, verdict: "unchanged" });
  expect(digest(head)).toBe(digest(BASE));
});

test("a link counts by where it leads, and is not followed", () => {
  const head = synth("linked", { "assets/chart/a.yaml": "a: 1" });
  symlinkSync("/", join(root, "linked", "stacks/dev-cluster/all"));
  expect(verdict(BASE, head).same).toBe(false);
});
