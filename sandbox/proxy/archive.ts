import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";

/** Chart.yaml of a packaged chart, with whatever else stands in it. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

/** A packaged chart. */
export interface ChartArchive {
  readonly file: string;
  /** SHA-256 of the archive in hexadecimal, as a repository's index has it. */
  readonly digest: string;
  readonly metadata: ChartMetadata;
}

const BLOCK = 512;

/** Reads a chart archive as `helm package` makes it. @throws Error where it is none. */
export function readChartArchive(file: string): ChartArchive {
  const bytes = readFileSync(file);
  let text: string | undefined;
  try {
    text = fileInTar(gunzipSync(bytes), (path) => /^[^/]+\/Chart\.yaml$/.test(path));
  } catch (error) {
    throw new Error(`${file} is not a chart archive: ${(error as Error).message}`);
  }
  if (text === undefined) throw new Error(`${file} is not a chart archive: it has no Chart.yaml`);
  const metadata = parse(text) as Partial<ChartMetadata>;
  if (!metadata.name || !metadata.version)
    throw new Error(`${file} is not a chart: its Chart.yaml lacks name or version`);
  return { file, digest: createHash("sha256").update(bytes).digest("hex"), metadata: metadata as ChartMetadata };
}

/** Text of the first file in a tar archive whose path is wanted. Long names of charts are not needed and not read. */
function fileInTar(tar: Buffer, wanted: (path: string) => boolean): string | undefined {
  for (let offset = 0; offset + BLOCK <= tar.length; ) {
    const name = cString(tar.subarray(offset, offset + 100));
    const prefix = cString(tar.subarray(offset + 345, offset + 500));
    const size = Number.parseInt(cString(tar.subarray(offset + 124, offset + 136)).trim() || "0", 8);
    if (name === "") return undefined;
    const content = offset + BLOCK;
    if (wanted(prefix ? `${prefix}/${name}` : name)) return tar.toString("utf8", content, content + size);
    offset = content + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}
