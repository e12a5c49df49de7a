import { readFileSync } from "node:fs";

/** A page as its author reads it, whatever line ends the checkout has. */
export function readPage(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}
