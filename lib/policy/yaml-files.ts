import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../validation";
import type { WrittenObject } from "./source";
import { type FileContents, readPolicyText } from "./yaml-text";

/** What kubectl takes of a directory. */
const FILE = /\.(ya?ml|json)$/;

/**
 * Every object in the `.yaml`, `.yml` and `.json` files of directories, those below them included, in the order of their
 * names: several documents a file, lists of kind `List`, and YAML 1.1 as kubectl reads it.
 *
 * @param paths Directories, or single files, from the working directory.
 * @param property What holds them, for messages: `policies.directories`.
 */
export function readPolicyFiles(paths: readonly string[], property: string): FileContents {
  const objects: WrittenObject[] = [];
  const problems: Problem[] = [];
  paths.forEach((path, index) => {
    const files = filesOf(path);
    if (typeof files === "string") problems.push({ property: `${property}[${index}]`, value: path, ...missing(files) });
    else if (files.length === 0)
      problems.push({
        property: `${property}[${index}]`,
        value: path,
        rule: "holds no .yaml, .yml or .json file",
        remedy: "correct the path, which is read from the working directory, or leave it out",
      });
    else
      for (const file of files) {
        const contents = readOnce(file);
        objects.push(...contents.objects);
        problems.push(...contents.problems);
      }
  });
  return { objects, problems };
}

/** Environments often share directories; a file that did not change is not parsed again. */
const known = new Map<string, { readonly text: string; readonly contents: FileContents }>();

function readOnce(file: string): FileContents {
  const text = readFileSync(file, "utf8");
  const before = known.get(file);
  if (before?.text === text) return before.contents;
  const contents = readPolicyText(text, file);
  known.set(file, { text, contents });
  return contents;
}

function missing(what: string) {
  return { rule: what, remedy: "correct the path, which is read from the working directory" };
}

function filesOf(path: string): string[] | string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "is not there";
  if (!found.isDirectory()) return FILE.test(path) ? [path] : "is neither a directory nor a .yaml, .yml or .json file";
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
    .sort();
}
