import { measure } from "../../e2e/rig/meter";
import type { LogEntry } from "../../sandbox/gcp/http/log";

const at = (second: number, write = false) =>
  ({ time: new Date(second * 1000).toISOString(), write }) as Pick<LogEntry, "time" | "write"> as LogEntry;

const booking = { environment: "dev", scenario: "deploy", command: "deploy" };

test("requests count for the stack in whose time they came", () => {
  const spans = [
    { stack: "dev-cluster", from: 0, to: 3_000 },
    { stack: "dev-networking", from: 3_000, to: 4_000 },
    { stack: "dev-cluster", from: 4_000, to: 10_000 },
  ];
  expect(measure(booking, spans, [at(1), at(3), at(5, true), at(9), at(11)])).toEqual([
    { ...booking, stack: "dev-cluster", seconds: 9, calls: 3, writes: 1 },
    { ...booking, stack: "dev-networking", seconds: 1, calls: 1, writes: 0 },
  ]);
});

test("without spans there is nothing to book on", () => {
  expect(measure(booking, [], [at(1)])).toEqual([]);
});
