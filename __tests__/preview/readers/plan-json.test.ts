import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePlan } from "../../../lib/preview/readers/plan-json";
import { UnreadableError } from "../../../lib/preview/readers/unreadable";
import { FIXTURES } from "../support";

const whole = readFileSync(join(FIXTURES, "plans", "actions.json"), "utf8");
const plan = JSON.parse(whole);
const without = (key: string) => JSON.stringify({ ...plan, [key]: undefined });

test("a whole plan is read, of any minor version of the format and with properties nobody knows yet", () => {
  expect(parsePlan(whole, "p").resource_changes).toHaveLength(6);
  expect(
    parsePlan(JSON.stringify({ ...plan, format_version: "1.99", tomorrow: {} }), "p").resource_changes,
  ).toHaveLength(6);
});

test.each<[what: string, text: string, problem: RegExp]>([
  ["nothing", "", /is empty/],
  ["white space", " \n", /is empty/],
  ["a saved plan", "PK\u0003\u0004\u0014", /is a saved plan, not its JSON/],
  ["a log of the machine-readable interface", '{"@level":"info","@message":"Terraform 1.11.4"}\n', /is the log/],
  ["text", "Terraform will perform the following actions:", /cut off|is not JSON/],
  ["half a plan", whole.slice(0, 2000), /is cut off/],
  ["a list", "[]", /is JSON, but not a plan/],
  ["an object", "{}", /no 'format_version'/],
  ["another tool's plan", '{"version":"3","deployment":{}}', /no 'format_version'/],
  ["a later major version", JSON.stringify({ ...plan, format_version: "2.0" }), /has format version 2.0/],
  ["a state", '{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}', /is a state/],
  ["a plan without what every plan has", without("planned_values"), /not a whole plan/],
  [
    "changes that are no list",
    JSON.stringify({ ...plan, resource_changes: {} }),
    /'resource_changes' that is not a list/,
  ],
  [
    "a change that is not an object",
    JSON.stringify({ ...plan, resource_changes: [1] }),
    /'resource_changes\[0\]' that is not an object/,
  ],
  [
    "a change without an address",
    JSON.stringify({ ...plan, resource_changes: [{ type: "a", name: "b" }] }),
    /without 'address'/,
  ],
  [
    "a change without actions",
    JSON.stringify({ ...plan, resource_changes: [{ address: "a.b", type: "a", name: "b", change: { actions: [] } }] }),
    /\(a\.b\) without 'change\.actions'/,
  ],
  [
    "drift without actions",
    JSON.stringify({ ...plan, resource_drift: [{ address: "a.b", type: "a", name: "b" }] }),
    /'resource_drift\[0\]'/,
  ],
])("%s is refused, with the file and the way out", (_, text, problem) => {
  expect(() => parsePlan(text, "dev.json")).toThrow(UnreadableError);
  expect(() => parsePlan(text, "dev.json")).toThrow(problem);
  expect(() => parsePlan(text, "dev.json")).toThrow(/^dev\.json: .*; /);
});

test("what holds the state's secrets in the clear is dropped on reading", () => {
  const kept = parsePlan(
    JSON.stringify({ ...plan, prior_state: { values: "secret" }, configuration: { root_module: {} } }),
    "p",
  );
  expect(kept).not.toHaveProperty("prior_state");
  expect(kept).not.toHaveProperty("configuration");
});

test("any prefix of a plan is refused: nothing that was cut off can look like less change", () => {
  for (let length = 1; length < whole.trimEnd().length; length += 97) {
    expect(() => parsePlan(whole.slice(0, length), "p")).toThrow(UnreadableError);
  }
});
