import { tmpdir } from "node:os";
import { type Run, runOnPath } from "../doctor";
import { EXIT_CODES, Failure } from "./failure";

/** What these commands are run with; a test brings its own. */
export interface LiveContext {
  readonly workingDirectory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Runs a short program to its end. */
  readonly run: Run;
  readonly colours: boolean;
  /** Where a directory for the login is made. */
  readonly temporary: string;
  readonly now: () => Date;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  print(text: string): void;
  warn(text: string): void;
}

/**
 * Runs a command with the terminal, and turns how it ended into an exit code.
 *
 * @param asJson Whether standard output is data: why there is nothing to tell is told there, too.
 */
export async function runLive(
  name: string,
  work: (context: LiveContext) => Promise<number>,
  given?: LiveContext,
  asJson = false,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  if (given === undefined) for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  const context = given ?? onThisMachine(interruption.signal);
  try {
    const code = await work(context);
    return context.signal.aborted ? EXIT_CODES.interrupted : code;
  } catch (error) {
    if (context.signal.aborted) return EXIT_CODES.interrupted;
    if (!(error instanceof Failure)) {
      context.warn(`gke-cilium ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
      return EXIT_CODES.error;
    }
    context.warn(`gke-cilium ${name}: ${error.message}\n  ${error.remedy}\n`);
    if (asJson) {
      const { kind, message, remedy } = error;
      context.print(`${JSON.stringify({ ok: false, error: { kind, message, remedy } }, null, 2)}\n`);
    }
    return EXIT_CODES[error.kind];
  } finally {
    if (given === undefined)
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, interrupt);
  }
}

function onThisMachine(signal: AbortSignal): LiveContext {
  return {
    workingDirectory: process.cwd(),
    variables: process.env,
    run: runOnPath(process.env),
    colours: process.stdout.isTTY === true && !process.env["NO_COLOR"],
    temporary: tmpdir(),
    now: () => new Date(),
    signal,
    print: (text) => process.stdout.write(text),
    warn: (text) => process.stderr.write(text),
  };
}

/** Says on stderr what is run or asked, so that anybody can do the same by hand. */
export function say({ warn, colours }: Pick<LiveContext, "warn" | "colours">, text: string): void {
  warn(colours ? `\u001b[2m› ${text}\u001b[0m\n` : `› ${text}\n`);
}
