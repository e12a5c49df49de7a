import { readRecording, writeRecording } from "./recording";
import { renew } from "./replay";

/**
 * Renews the answers in recordings after a change of the simulator that is meant; the difference that git then shows is what
 * changed for the real providers: `npm run build:all && node dist/sandbox/gcp/recording/main.js FILE…`.
 */
async function main(files: readonly string[]): Promise<void> {
  for (const file of files) writeRecording(file, await renew(readRecording(file)));
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
