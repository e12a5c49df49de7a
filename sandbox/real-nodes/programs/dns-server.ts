/**
 * A DNS server. Arguments: port, then `name=address` for each name that it knows, or the path of a file with a line for
 * each, which is read again for every query. It answers queries for A records over UDP, others without a record, and names
 * that it does not know with NXDOMAIN.
 */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";

const TYPE_A = 1;
const CLASS_IN = 1;
const NXDOMAIN = 3;
const TTL_SECONDS = 60;
const HEADER = 12;

function main(): void {
  const [port = "53", ...words] = process.argv.slice(2);
  const [file] = words.filter((word) => word.startsWith("/"));
  const fixed = namesIn(words);
  const socket = createSocket("udp4");
  socket.on("message", (query, { address, port: from }) => {
    const answer = answerTo(query, file === undefined ? fixed : namesIn(readLines(file)));
    if (answer) socket.send(answer, from, address);
  });
  socket.bind(Number(port));
}

function namesIn(records: readonly string[]): Map<string, string> {
  return new Map(records.map((record) => record.toLowerCase().split("=") as [string, string]));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** The answer to a query of one question; undefined where it is none. */
export function answerTo(query: Buffer, known: ReadonlyMap<string, string>): Buffer | undefined {
  const question = questionOf(query);
  if (!question) return undefined;
  const { name, type, end } = question;
  const address = known.get(name);
  const hasRecord = address !== undefined && type === TYPE_A;
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  // An answer, authoritative, with recursion where it was asked for.
  header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | (address === undefined ? NXDOMAIN : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(hasRecord ? 1 : 0, 6);
  const parts = [header, query.subarray(HEADER, end)];
  if (hasRecord) {
    const record = Buffer.alloc(16);
    record.writeUInt16BE(0xc000 | HEADER, 0);
    record.writeUInt16BE(TYPE_A, 2);
    record.writeUInt16BE(CLASS_IN, 4);
    record.writeUInt32BE(TTL_SECONDS, 6);
    record.writeUInt16BE(4, 10);
    Buffer.from(address.split(".").map(Number)).copy(record, 12);
    parts.push(record);
  }
  return Buffer.concat(parts);
}

function questionOf(query: Buffer): { name: string; type: number; end: number } | undefined {
  if (query.length < HEADER || (query.readUInt16BE(2) & 0x8000) !== 0 || query.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63 || at + 1 + length > query.length) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString("latin1", at, at + length));
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at), end: at + 4 };
}

if (require.main === module) main();
