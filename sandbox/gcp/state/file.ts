import { mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StateDocument } from "./store";

/** Name of the one file in a state directory that holds everything the simulated cloud knows. */
export const STATE_FILE = "google-cloud.json";

/** The state on disk. A new version replaces the old one in one step: a crash leaves either, never half of one. */
export class StateFile {
  private readonly path: string;

  public constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.path = join(directory, STATE_FILE);
  }

  /** The state, or `undefined` where there is none yet. @throws Error where the file is not a state of this version. */
  public read(): StateDocument | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    let document: StateDocument;
    try {
      document = JSON.parse(text) as StateDocument;
    } catch {
      throw new Error(`${this.path} is not JSON; delete it to begin with an empty cloud`);
    }
    if (document.version !== 1) {
      throw new Error(
        `${this.path} was written by another version of the sandbox; delete it to begin with an empty cloud`,
      );
    }
    return document;
  }

  public async write(document: StateDocument): Promise<void> {
    const text = JSON.stringify(document);
    await writeFile(`${this.path}.new`, text);
    await rename(`${this.path}.new`, this.path);
  }
}
