import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, Testing } from "cdktf";

const outdir = mkdtempSync(join(tmpdir(), "app-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** An app to test with: cdktf's own leaves the directory behind that it makes for each. */
export function testApp(): App {
  return Testing.app({ outdir });
}
