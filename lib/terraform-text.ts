import { createHash } from "node:crypto";

const HASH_LENGTH = 10;

/** A text as Terraform reads it back unchanged: `${...}` of Bash or JavaScript would be an expression otherwise. */
export function terraformText(text: string): string {
  return text.replaceAll("${", "$$${").replaceAll("%{", "%%{");
}

/** A few characters that change whenever a file's name or content does. */
export function contentHash(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const [name, text] of Object.entries(files)) hash.update(`${name}\0${text}\0`);
  return hash.digest("hex").slice(0, HASH_LENGTH);
}
