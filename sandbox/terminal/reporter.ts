import { formatDuration, type Style, styleFor, wantsColour } from "./style";

/** One piece of work that takes a while. Exactly one of `done` and `fail` ends it. */
export interface Task {
  /** How far it has come, in a few words. */
  update(detail: string): void;
  done(detail?: string): void;
  fail(detail?: string): void;
}

/** Where progress goes. */
export interface Reporter {
  readonly style: Style;
  /** Announces work that takes a while. */
  task(label: string): Task;
  /** One line for the reader. */
  line(text: string): void;
}

/** The part of a stream that a reporter needs. */
export interface ReporterStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Without a terminal, a task that is still running says so this often, so that no log looks stuck. */
const QUIET_INTERVAL = 15_000;
/** On a terminal the lines of running tasks are drawn again this often. */
const REDRAW_INTERVAL = 120;
const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

interface RunningTask {
  readonly label: string;
  readonly startedAt: number;
  detail: string;
}

/**
 * A reporter for people: on a terminal running tasks share a block at the bottom that is drawn again in place,
 * elsewhere (CI, a file) every task prints a line when it starts, now and then while it runs, and when it ends.
 */
export function terminalReporter(
  stream: ReporterStream = process.stderr,
  environment: NodeJS.ProcessEnv = process.env,
): Reporter {
  const style = styleFor(wantsColour(stream, environment));
  const live = stream.isTTY === true && environment["TERM"] !== "dumb" && !environment["CI"];
  const running = new Set<RunningTask>();
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!live) return;
    erase();
    for (const task of running) {
      const spinner = SPINNER[frame % SPINNER.length] ?? "";
      const text = [task.label, task.detail, formatDuration(Date.now() - task.startedAt)].filter(Boolean).join("  ");
      stream.write(`${style.cyan(spinner)} ${text.slice(0, (stream.columns ?? 80) - 3)}\n`);
    }
    drawn = running.size;
  };
  const line = (text: string) => {
    erase();
    stream.write(`${text}\n`);
    draw();
  };
  const tick = () => {
    frame += 1;
    if (live) draw();
    else for (const task of running) line(`  ${task.label}  ${task.detail}  ${elapsed(task)}`.trimEnd());
  };

  return {
    style,
    line,
    task(label) {
      const task: RunningTask = { label, startedAt: Date.now(), detail: "" };
      running.add(task);
      if (live) draw();
      else line(`  ${label} ...`);
      timer ??= setInterval(tick, live ? REDRAW_INTERVAL : QUIET_INTERVAL).unref();
      const end = (mark: string, detail = "") => {
        if (!running.delete(task)) return;
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
        line([`${mark} ${label}`, detail, style.dim(elapsed(task))].filter(Boolean).join("  "));
      };
      return {
        update: (detail) => {
          task.detail = detail;
        },
        done: (detail) => end(style.green("✓"), detail),
        fail: (detail) => end(style.red("✗"), detail),
      };
    },
  };
}

/** A reporter that says nothing: for programs that use the sandbox without a person watching. */
export function silentReporter(): Reporter {
  const nothing = () => {};
  return { style: styleFor(false), line: nothing, task: () => ({ update: nothing, done: nothing, fail: nothing }) };
}

function elapsed(task: RunningTask): string {
  return formatDuration(Date.now() - task.startedAt);
}
