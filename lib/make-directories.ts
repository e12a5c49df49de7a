import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it that are missing. `mkdirSync` with `recursive` never ends in Node 20 where the
 * directory above is there and refuses with ENOENT, as /proc does for a process that is gone.
 *
 * @param mode Who may use those that are made. @default - what the process's umask leaves of 0o777
 * @throws Where one cannot be made: what the system says.
 */
export function makeDirectories(directory: string, mode?: number): void {
  if (existsSync(directory)) return;
  const above = dirname(directory);
  if (above !== directory) makeDirectories(above, mode);
  try {
    mkdirSync(directory, mode);
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
