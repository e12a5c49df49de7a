import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPlainYaml } from "../../lib/policy/plain-yaml";
import { readPolicyText } from "../../lib/policy/yaml-text";
import fc from "../support/fast-check";

/** Whoever makes a clone their own takes the examples out. */
const DIRECTORIES = ["examples", "e2e/app/policy-files"]
  .map((directory) => join(__dirname, "../..", directory))
  .filter(existsSync);
/** A directive, after which everything is left to the parser of all of YAML. */
const SLOWLY = "%YAML 1.1\n---\n";

const files = DIRECTORIES.flatMap((directory) => readdirSync(directory, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
  .map((entry) => join(entry.parentPath, entry.name));

/** Objects, places of their fields and problems, as JSON. */
function read(text: string, before = 0): string {
  const { objects, problems } = readPolicyText(text, "a.yaml");
  const all = {
    objects: objects.map(({ object, nameOf }) => [
      object,
      nameOf([]),
      nameOf(["spec", "ingress", 0]),
      nameOf(["kind"]),
    ]),
    problems,
  };
  return JSON.stringify(all, (_, value: unknown) =>
    typeof value === "number" && Number.isNaN(value) ? "NaN" : value,
  ).replaceAll(/a\.yaml:(\d+)/g, (_match, line: string) => `a.yaml:${Number(line) - before}`);
}

test.each(files)("%s is read in the short way, as in the long one", (file) => {
  const [first = ""] = readFileSync(file, "utf8").split(/^---$/m);
  expect(readPlainYaml(first)).toBeDefined();
  expect(read(readFileSync(file, "utf8"))).toBe(read(SLOWLY + readFileSync(file, "utf8").replace(/^---\n/, ""), 2));
});

/** What a text is made of that means something in YAML, or nearly. */
const PIECES = [
  ..."-:#?{}[],&*!|>%@`'\" \n~<=.0e1yN_/",
  ...[": ", "- ", " #", "\n  ", "\n", "\n- ", "''", '""', '"a b"', "{a: 1}", "[a, b]", "{}", "[]", "e2", "0x1", "017"],
  ...["1_0", "1.5", "10.0.0.0/8", "yes", "on", "null", "key:", "key: v", "a: b: c", "<<: x", "__proto__: 1", "é", "\t"],
  ...["\r\n", "|\n", "&a ", "*a", "!!str 1", "# c", "k8s:a: b", "--- x\n", "---\n", "spec:", "kind: List", "items:"],
];

const BASE = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy # a comment
metadata: {name: a, namespace: "b c", labels: {app.kubernetes.io/name: 'x'}}
spec:
  endpointSelector:
    matchLabels: {}
  ingress:
  - fromEndpoints:
      - matchLabels:
          k8s:io.kubernetes.pod.namespace: kube-system
    toPorts:
      - ports:
          - port: "80"
            protocol: TCP
          - {port: "443", protocol: ANY}
        rules: {http: [{method: GET, path: /v1/.*}]}
  -
    fromCIDR: [10.0.0.0/8, 192.168.0.0/16]
`;

test("whatever becomes of a text, both ways read the same", () => {
  let short = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          at: fc.nat(BASE.length),
          cut: fc.nat(3),
          piece: fc.constantFrom(...PIECES),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      (edits) => {
        const text = edits.reduce((old, { at, cut, piece }) => old.slice(0, at) + piece + old.slice(at + cut), BASE);
        // The directive takes the place of a first line of dashes, and dashes with something behind are no matter here.
        if (/^(?:%|\.\.\.)/m.test(text) || /^---/.test(text)) return;
        if (readPlainYaml(text) !== undefined) short++;
        const [ours, slow] = [read(text), read(SLOWLY + text, 2)];
        // Documents are read apart here, so that what is wrong in one is not looked for in the next.
        if (slow.includes("is not YAML")) expect(ours).toContain("is not YAML");
        else expect(ours).toBe(slow);
      },
    ),
    { numRuns: 2500 },
  );
  expect(short).toBeGreaterThan(250);
});

test.each([
  ["a value that begins with e and a number is text", "a: e2", { a: "e2" }],
  ["a dot is text", "a: .", { a: "." }],
  ["a number with an exponent is one", "a: 1e3", { a: 1000 }],
  ["words of YAML 1.1", "a: on\nb: No\nc: ~", { a: true, b: false, c: null }],
  ["quotes", "a: 'on'\nb: \"1\"", { a: "on", b: "1" }],
])("%s", (_, text, value) => {
  expect(readPolicyText(text, "a.yaml").objects.map(({ object }) => object)).toEqual([value]);
});
