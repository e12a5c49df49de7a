import { FREE } from "./environments";
import { writeStacks } from "./synthesized";

/** An app of one environment, to be run by a process of its own: `node dist/scripts/deployment/app.js <directory>`. */
writeStacks(process.argv[2] ?? ".", [FREE]);
