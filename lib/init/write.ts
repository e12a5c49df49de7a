import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RepositoryFiles } from "./files";
import { InitError } from "./options";

/**
 * Writes the files, all or none: where one exists already, nothing is written.
 *
 * @throws InitError that names every file in the way.
 */
export function writeRepository(directory: string, files: RepositoryFiles): void {
  const present = [...files.keys()].filter((path) => existsSync(join(directory, path)));
  if (present.length > 0)
    throw new InitError(
      `${directory} already has ${present.join(", ")}; nothing was written: choose another directory, or move them away`,
    );
  for (const [path, text] of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    // Whoever made the file in between keeps it.
    writeFileSync(file, text, { flag: "wx" });
  }
}
