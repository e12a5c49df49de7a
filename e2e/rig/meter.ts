import type { LogEntry } from "../../sandbox/gcp/http/log";
import type { Measurement } from "../harness/measurements";
import type { StackSpan } from "./stack-clock";

/** What a Terraform command cost, stack by stack: its time, and the requests that fall into that time. */
export function measure(
  booking: Pick<Measurement, "environment" | "scenario" | "command">,
  spans: readonly StackSpan[],
  requests: readonly LogEntry[],
): Measurement[] {
  return [...new Set(spans.map(({ stack }) => stack))].map((stack) => {
    const own = spans.filter((span) => span.stack === stack);
    const during = requests.filter(({ time }) => own.some((span) => isWithin(Date.parse(time), span)));
    return {
      ...booking,
      stack,
      seconds: own.reduce((sum, { from, to }) => sum + to - from, 0) / 1000,
      calls: during.length,
      writes: during.filter(({ write }) => write).length,
    };
  });
}

function isWithin(time: number, { from, to }: StackSpan): boolean {
  return time >= from && time < to;
}
