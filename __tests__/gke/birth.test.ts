import { Lazy } from "cdktf";
import { Birth, type BirthProps } from "../../lib/gke/birth";
import { type Json, only, synth } from "./synth";

/** What is remembered, and what is asked of it. That Terraform refuses by it was tried with Terraform 1.11. */
function born(props: Omit<BirthProps, "subject">): { input: Json; conditions: string[]; messages: string[] } {
  let conditions: string[] = [];
  let messages: string[] = [];
  const json = synth((stack) => {
    const preconditions = new Birth(stack, "birth", { subject: "It", ...props }).preconditions();
    conditions = preconditions.map(({ condition }) => condition);
    messages = preconditions.map(({ errorMessage }) => errorMessage);
  });
  return { input: only(json, "terraform_data").input, conditions, messages };
}

test("facts are remembered and compared one by one; a state that lacks one says nothing about it", () => {
  const { input, conditions, messages } = born({ facts: { region: "us-east1", name: "a${b}" } });
  expect(input).toEqual({ region: "us-east1", name: "a${b}" });
  expect(conditions).toEqual([
    '${alltrue([for name, value in { region = "us-east1", name = "a$${b}" } : try(terraform_data.birth.output[name], value) == value])}',
  ]);
  expect(messages[0]).toMatch(/^It cannot change \$\{join\(.*docs\/mode-switch\.md has the steps\.$/);
});

test("what only Terraform knows is not remembered", () => {
  const token = Lazy.stringValue({ produce: () => "x" });
  expect(born({ facts: { region: token, zone: "a" }, range: { name: "nodes", cidr: token } }).input).toEqual({
    zone: "a",
  });
});

test("a range must go on holding what it was made with", () => {
  const { input, conditions, messages } = born({ facts: {}, range: { name: "nodes", cidr: "10.16.0.0/20" } });
  expect(input).toEqual({ nodes: "10.16.0.0/20" });
  expect(conditions[1]).toBe(
    '${try(cidrhost("${cidrhost(terraform_data.birth.output["nodes"], 0)}/20", 0) == "10.16.0.0" && tonumber(split("/", terraform_data.birth.output["nodes"])[1]) >= 20, true)}',
  );
  expect(messages[1]).toContain(
    'It cannot change nodes from ${try(terraform_data.birth.output["nodes"], "")} to 10.16',
  );
});
