import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Writes the archive of an empty chart and returns its path. */
export function writeChart(directory: string, name: string, version: string): string {
  const file = join(directory, `${name}-${version}.tgz`);
  writeFileSync(
    file,
    gzipSync(
      Buffer.concat([
        entry(`${name}/values.yaml`, "a: b\n"),
        entry(`${name}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: ${version}\n`),
        Buffer.alloc(1024),
      ]),
    ),
  );
  return file;
}

/** One file in the format of tar, as far as a reader of charts looks at it. */
function entry(path: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(`${text.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("0", 156);
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text);
  return Buffer.concat([header, body]);
}
