import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { App } from "cdktf";
import { environments } from "../../environments";
import { Environment, renderSummary, summarize } from "../../lib/environment";
import { readPage } from "../support/page";
import { replaceTable } from "../support/readme-table";
import { updatesSnapshots } from "../support/snapshots";

const README = resolve(__dirname, "../../README.md");

// A README with the marker `<!-- output of npm run synth -->` shows the table below it. `npm test -- -u` renews it with
// the snapshots; a README without the marker is left alone.
test("the README shows the table that npm run synth prints", () => {
  const outdir = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    const app = new App({ outdir, stackTraces: false });
    for (const definition of environments) new Environment(app, definition);
    const text = readPage(README);
    const renewed = replaceTable(text, renderSummary(summarize(app)).trimStart());
    if (updatesSnapshots()) writeFileSync(README, renewed);
    else expect(text).toBe(renewed);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
