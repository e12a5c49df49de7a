import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Testing } from "cdktf";
import { Environment, type EnvironmentDefinition } from "../../lib/environment";
import type { LiveContext } from "../../lib/live/context";
import { testApp } from "../support/app";
import { definition } from "../support/definition";

export const NOW = new Date("2026-11-26T12:00:00Z");
const KUBECTL = resolve(__dirname, "fixtures/fake-kubectl.js");

/** What the played cluster answers. */
export interface Played {
  readonly answers?: Readonly<Record<string, unknown>>;
  /** What the proxy says of every request: there is no login, or no way. */
  readonly complaint?: string;
  readonly refuse?: Readonly<Record<string, readonly [status: number, message: string]>>;
  readonly exec?: { readonly code?: number; readonly stdout?: string; readonly stderr?: string };
}

export interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly warned: string;
  /** What kubectl was run with, and what was asked of the API server. */
  readonly calls: readonly (readonly string[])[];
}

type Command = (args: readonly string[], context: LiveContext) => Promise<number>;

let directory: string;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "live-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
  for (const server of servers.splice(0)) server.close();
});

/** Writes an environment as cdktf would. */
export function synthesize(changes: Partial<EnvironmentDefinition> = {}): void {
  const environment = new Environment(testApp(), definition(changes));
  for (const stack of [environment.cluster, environment.networking, environment.monitoring]) {
    const file = join(directory, "cdktf.out/stacks", stack.node.id, "cdk.tf.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Testing.synth(stack));
  }
}

/** A Google Cloud that knows one cluster. */
export async function google(status = 200, cluster: object = GKE_CLUSTER): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    const found = request.url?.endsWith("/v1/projects/acme-staging/locations/asia-northeast1/clusters/staging");
    response.statusCode = found ? status : 404;
    response.end(JSON.stringify(response.statusCode === 200 ? cluster : { error: { message: "says Google" } }));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    GOOGLE_CONTAINER_CUSTOM_ENDPOINT: `http://127.0.0.1:${port}/container/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: "a-token-of-the-test",
  };
}

export const GKE_CLUSTER = {
  status: "RUNNING",
  endpoint: "203.0.113.10",
  masterAuth: { clusterCaCertificate: "Q0E=" },
  privateClusterConfig: { privateEndpoint: "10.16.0.2", publicEndpoint: "203.0.113.10" },
  controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: "gke-abc-123.asia-northeast1.gke.goog" } },
};

/** What a command has left behind. */
export function leftovers(): string[] {
  return readdirSync(directory).filter((name) => name.startsWith("gke-cilium-"));
}

/** Runs a command against a played cluster. */
export async function run(
  command: Command,
  args: readonly string[],
  played: Played,
  variables: Readonly<Record<string, string>>,
  context: Partial<LiveContext> = {},
): Promise<Outcome> {
  const log = join(directory, "calls");
  const file = join(directory, "played.json");
  writeFileSync(log, "");
  writeFileSync(file, JSON.stringify({ ...played, log }));
  let printed = "";
  let warned = "";
  const code = await command(args, {
    workingDirectory: directory,
    variables: { PATH: process.env["PATH"], KUBECTL, FAKE_KUBECTL: file, ...variables },
    run: () => undefined,
    colours: false,
    temporary: directory,
    now: () => NOW,
    signal: new AbortController().signal,
    print: (text) => {
      printed += text;
    },
    warn: (text) => {
      warned += text;
    },
    ...context,
  });
  const calls = readFileSync(log, "utf8").split("\n").filter(Boolean);
  return { code, printed, warned, calls: calls.map((line) => JSON.parse(line) as string[]) };
}
