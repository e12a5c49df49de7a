import { StackClock } from "../../e2e/rig/stack-clock";

/** Lines as cdktf 0.21 prints them, colours taken off, with the second at which each came. */
const DEPLOY: readonly [number, string][] = [
  [1, "0 Stacks deploying     0 Stacks done     0 Stacks waiting"],
  [2, "dev-cluster  Initializing the backend..."],
  [3, "             Terraform has been successfully initialized!"],
  [4, "dev-networking  Initializing the backend..."],
  [5, "                Terraform has been successfully initialized!"],
  [8, "dev-cluster  Terraform used the selected providers to generate the following execution plan."],
  [9, "             google_container_cluster.cluster: Creating..."],
  [20, "             Apply complete! Resources: 9 added, 0 changed, 0 destroyed."],
  [30, "dev-networking  Terraform used the selected providers to generate the following execution plan."],
  [40, "                Apply complete! Resources: 1 added, 0 changed, 0 destroyed."],
];

function clockOf(lines: readonly [number, string][]): StackClock {
  const clock = new StackClock();
  for (const [second, line] of lines) clock.line(line, second * 1000);
  return clock;
}

test("silence after a stack is done belongs to the stack that speaks next", () => {
  expect(clockOf(DEPLOY).spans(0, 45_000)).toEqual([
    { stack: "dev-cluster", from: 0, to: 3_000 },
    { stack: "dev-networking", from: 3_000, to: 5_000 },
    { stack: "dev-cluster", from: 5_000, to: 20_000 },
    { stack: "dev-networking", from: 20_000, to: 45_000 },
  ]);
});

test("silence in the middle of a stack belongs to that stack", () => {
  const spans = clockOf([
    [1, "dev-cluster  google_container_cluster.cluster: Creating..."],
    [50, "             google_container_cluster.cluster: Creation complete after 49s"],
    [51, "dev-networking  helm_release.cilium: Creating..."],
  ]).spans(0, 60_000);
  expect(spans).toEqual([
    { stack: "dev-cluster", from: 0, to: 51_000 },
    { stack: "dev-networking", from: 51_000, to: 60_000 },
  ]);
});

test("a command that says nothing of any stack has no spans", () => {
  expect(clockOf([[1, "Synthesizing"]]).spans(0, 10_000)).toEqual([]);
});
