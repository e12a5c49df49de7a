import { spawn } from "node:child_process";

/**
 * Runs a program on this terminal until it ends, and returns its exit code. Ctrl-C reaches it from the terminal itself;
 * we go on until it has ended, so that Terraform can write its state. A signal sent to us alone is passed on.
 */
export function runInForeground(
  command: string,
  args: readonly string[],
  options: { readonly directory: string; readonly environment: NodeJS.ProcessEnv },
): Promise<{ readonly code: number; readonly interrupted: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.directory, env: options.environment, stdio: "inherit" });
    let interrupted = false;
    const onInterrupt = () => {
      interrupted = true;
      if (!process.stdin.isTTY) child.kill("SIGINT");
    };
    const onTerminate = () => {
      interrupted = true;
      child.kill("SIGTERM");
    };
    process.on("SIGINT", onInterrupt);
    process.on("SIGTERM", onTerminate);
    const cleanUp = () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
    };
    child.once("error", (error) => {
      cleanUp();
      reject(error);
    });
    child.once("close", (code, signal) => {
      cleanUp();
      resolve({ code: code ?? 1, interrupted: interrupted || signal === "SIGINT" });
    });
  });
}
