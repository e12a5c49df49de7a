import { formatDuration, styleFor, terminalReporter, wantsColour } from "../../../sandbox/terminal";

describe("colour", () => {
  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: true }, { NO_COLOR: "" }, true],
    [{ isTTY: true }, { TERM: "dumb" }, false],
    [{}, { FORCE_COLOR: "1" }, true],
    [{ isTTY: true }, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("%j with %j: %s", (output, environment, expected) => {
    expect(wantsColour(output, environment)).toBe(expected);
  });

  test("is left out of texts where it is not wanted", () => {
    expect(styleFor(false).red("a")).toBe("a");
    expect(styleFor(true).red("a")).toBe("\u001b[31ma\u001b[39m");
  });
});

test.each([
  [0, "0.0s"],
  [9_949, "9.9s"],
  [12_400, "12s"],
  [59_600, "1m00s"],
  [125_000, "2m05s"],
])("%i ms are %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

describe("a reporter that writes to a file", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("says when work begins, now and then how far it is, and when it ends, without control characters", () => {
    let text = "";
    const reporter = terminalReporter({ write: (chunk) => (text += chunk) }, {});
    const task = reporter.task("etcd 3.6.16");
    task.update("12 of 99 packages");
    jest.advanceTimersByTime(15_000);
    task.done("99 packages");
    expect(text).toBe("  etcd 3.6.16 ...\n  etcd 3.6.16  12 of 99 packages  15s\n✓ etcd 3.6.16  99 packages  15s\n");
  });

  test("ends a task once", () => {
    let text = "";
    const task = terminalReporter({ write: (chunk) => (text += chunk) }, {}).task("a");
    task.fail();
    task.done();
    expect(text.match(/[✓✗]/g)).toEqual(["✗"]);
  });
});

test("on a terminal lines appear above the block of running tasks, which is drawn again", () => {
  let text = "";
  const stream = { isTTY: true, columns: 80, write: (chunk: string) => (text += chunk) };
  const reporter = terminalReporter(stream, { TERM: "xterm", NO_COLOR: "1" });
  const task = reporter.task("etcd");
  text = "";
  reporter.line("hello");
  expect(text).toBe("\u001b[1A\u001b[0Jhello\n⠋ etcd  0.0s\n");
  task.done();
});
