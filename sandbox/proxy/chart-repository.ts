import { createReadStream, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { basename } from "node:path";
import { stringify } from "yaml";
import type { ChartArchive } from "./archive";

/** A chart repository of the outside world that the sandbox stands in for. */
export interface RepositoryAddress {
  readonly host: string;
  /** Path before `index.yaml`, with a slash at both ends. */
  readonly path: string;
  /** Names of the charts that are published there. */
  readonly charts: readonly string[];
}

/** Repositories under which charts are served: a chart only where its publisher has it. */
export const REPOSITORIES: readonly RepositoryAddress[] = [
  { host: "helm.cilium.io", path: "/", charts: ["cilium", "tetragon"] },
  {
    host: "prometheus-community.github.io",
    path: "/helm-charts/",
    charts: ["kube-prometheus-stack", "prometheus", "prometheus-operator-crds", "prometheus-adapter"],
  },
];

/** The `index.yaml` of a repository: https://helm.sh/docs/topics/chart_repository/#the-index-file */
export function repositoryIndex(address: RepositoryAddress, archives: readonly ChartArchive[]): string {
  const entries: Record<string, object[]> = {};
  for (const { metadata, digest, file } of archivesOf(address, archives)) {
    const versions = entries[metadata.name] ?? [];
    entries[metadata.name] = versions;
    versions.push({
      ...metadata,
      created: statSync(file).mtime.toISOString(),
      digest,
      urls: [`https://${address.host}${address.path}${basename(file)}`],
    });
  }
  return stringify({ apiVersion: "v1", entries, generated: new Date(0).toISOString() });
}

/** Answers a request to a repository: its index, its archives, and 404 for the rest. */
export function serveRepository(
  address: RepositoryAddress,
  archives: readonly ChartArchive[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = (request.url ?? "/").split("?")[0]!;
  if (path === `${address.path}index.yaml`) {
    response.writeHead(200, { "content-type": "application/yaml" }).end(repositoryIndex(address, archives));
    return;
  }
  const archive = archivesOf(address, archives).find(({ file }) => path === `${address.path}${basename(file)}`);
  if (!archive) {
    response.writeHead(404, { "content-type": "text/plain" }).end(`the sandbox has no ${path} of ${address.host}\n`);
    return;
  }
  response.writeHead(200, { "content-type": "application/gzip", "content-length": statSync(archive.file).size });
  createReadStream(archive.file).pipe(response);
}

function archivesOf({ charts }: RepositoryAddress, archives: readonly ChartArchive[]): ChartArchive[] {
  return archives.filter(({ metadata }) => charts.includes(metadata.name));
}
