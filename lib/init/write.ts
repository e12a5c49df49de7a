import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeDirectories } from "../make-directories";
import type { RepositoryFiles } from "./files";
import { InitError } from "./options";

/**
 * Writes the files: where one exists already, or a file is where a folder is needed, none.
 *
 * @throws InitError that names every file in the way.
 */
export function writeRepository(directory: string, files: RepositoryFiles): void {
  const present = [...files.keys()].filter((path) => existsSync(join(directory, path)));
  if (present.length > 0)
    throw new InitError(
      `${directory} already has ${present.join(", ")}; nothing was written: choose another directory, or move them away`,
    );
  const folders = [...new Set([...files.keys()].map((path) => dirname(join(directory, path))))];
  const noFolder = [...new Set(folders.flatMap((folder) => fileAmong(folder)))];
  if (noFolder.length > 0)
    throw new InitError(`${noFolder.join(", ")}: a file is where a folder is needed; choose another directory`);
  try {
    for (const folder of folders) makeDirectories(folder);
    // Whoever made the file in between keeps it.
    for (const [path, text] of files) writeFileSync(join(directory, path), text, { flag: "wx" });
  } catch (error) {
    throw new InitError(
      `${directory} cannot be written to: ${error instanceof Error ? error.message : String(error)}; choose another directory`,
    );
  }
}

/** The nearest thing on the way to a folder that is there, where it is none itself. */
function fileAmong(folder: string): string[] {
  if (!existsSync(folder)) return folder === dirname(folder) ? [] : fileAmong(dirname(folder));
  return statSync(folder).isDirectory() ? [] : [folder];
}
