/**
 * A server for tests: says who it is, whom it sees and at which address it was asked.
 * Arguments: name, then ports. `/` answers once, `/stream` writes a line every 20 ms or so until somebody hangs up.
 */
import { createServer } from "node:http";
import { pauseOf } from "./pace";

/** What it answers. */
export interface Seen {
  readonly name: string;
  /** Source address and port, as the server sees them. */
  readonly from: string;
  readonly port: number;
  /** Destination address, as the server sees it. */
  readonly to: string;
}

const TICK = 20;

function main(): void {
  const [name = "server", ...ports] = process.argv.slice(2);
  for (const port of ports) {
    const server = createServer((request, response) => {
      const { remoteAddress = "", remotePort = 0, localAddress = "" } = request.socket;
      const seen: Seen = { name, from: plain(remoteAddress), port: remotePort, to: plain(localAddress) };
      if (request.url !== "/stream") return void response.end(`${JSON.stringify(seen)}\n`);
      let timer: NodeJS.Timeout;
      const tick = () => {
        response.write(`${name}\n`);
        timer = setTimeout(tick, pauseOf(TICK));
      };
      tick();
      response.on("close", () => clearTimeout(timer));
    });
    server.listen(Number(port));
  }
}

/** An IPv4 address without the prefix that sockets of both families give it. */
function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}

if (require.main === module) main();
