import { answerTo } from "../../../sandbox/real-nodes/programs/dns-server";

/** A query of one question, as resolvers write it. */
function query(name: string, type = 1): Buffer {
  const header = Buffer.from([0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

const KNOWN = new Map([["a.example.com", "203.0.113.10"]]);

describe("the DNS server of tests", () => {
  test("answers with the address, under the id and the name of the question", () => {
    const answer = answerTo(query("A.example.com"), KNOWN);
    expect(answer?.readUInt16BE(0)).toBe(0xabcd);
    expect(answer?.readUInt16BE(2)).toBe(0x8580);
    expect([...(answer?.subarray(-4) ?? [])]).toEqual([203, 0, 113, 10]);
  });

  test("has no record of another type, and says that there is no other name", () => {
    const other = answerTo(query("a.example.com", 28), KNOWN);
    expect([(other?.readUInt16BE(2) ?? 0) & 0xf, other?.readUInt16BE(6)]).toEqual([0, 0]);
    const unknown = answerTo(query("b.example.com"), KNOWN);
    expect([(unknown?.readUInt16BE(2) ?? 0) & 0xf, unknown?.readUInt16BE(6)]).toEqual([3, 0]);
  });

  test.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["an answer", Buffer.concat([Buffer.from([0, 0, 0x80, 0, 0, 1]), query("a.example.com").subarray(6)])],
    ["a name without an end", query("a.example.com").subarray(0, 20)],
    ["a compressed name", Buffer.concat([query("").subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])])],
    ["no question", Buffer.alloc(12)],
  ])("does not answer %s", (_what, text) => {
    expect(answerTo(text, KNOWN)).toBeUndefined();
  });
});
