/** Asks a DNS server for the addresses of a name. Arguments: server, name. It prints addresses, or the code of what went wrong. */
import { Resolver } from "node:dns/promises";

const [server = "", name = ""] = process.argv.slice(2);
// On a busy machine answers are late; a question that was dropped is asked again.
const resolver = new Resolver({ timeout: 1_500, tries: 3 });
resolver.setServers([server]);
resolver.resolve4(name).then(
  (addresses) => process.stdout.write(`${addresses.join(" ")}\n`),
  (error: NodeJS.ErrnoException) => {
    process.stdout.write(`${error.code}\n`);
    process.exitCode = 1;
  },
);
