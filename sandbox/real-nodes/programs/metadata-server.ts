/**
 * What Google answers in a VPC: the metadata server, as far as somebody looks whether it is there and whom it sees. Run by the
 * sandbox in the network of the VPC; it ends with whoever started it. Argument: the address.
 */
import { createServer } from "node:http";

function main(): void {
  const [address = "169.254.169.254"] = process.argv.slice(2);
  createServer((request, response) => {
    response.setHeader("Metadata-Flavor", "Google");
    response.setHeader("X-Seen-From", request.socket.remoteAddress ?? "");
    const allowed = request.url === "/" || request.headers["metadata-flavor"] === "Google";
    response.statusCode = allowed ? 200 : 403;
    response.end(allowed ? `${request.socket.remoteAddress}\n` : "Missing Metadata-Flavor:Google header.\n");
  }).listen(80, address);
  process.on("disconnect", () => process.exit(0));
}

if (require.main === module) main();
