import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CiliumVersion, gkeDefaultValues, type HelmValues, mergeValues } from "../../lib/cilium";
import { packageRoot } from "../../sandbox/paths";
import type { Config } from "./agreement";
import { GONE, hasToken, TYPES } from "./cases/refused";
import { CHART_CASES } from "./cases/rule-cases";
import { configurationsOf } from "./configurations";
import type { Rendered } from "./rendered";
import { refusal, render } from "./subjects";

/** What a chart made of values, kept so that nothing but the record is needed to hold this library against it. */
export interface Recording {
  readonly version: string;
  /** SHA-256 of the archive that was rendered. */
  readonly archive: string;
  readonly configurations: readonly RecordedConfiguration[];
  readonly refusals: readonly RecordedRefusal[];
}

export interface RecordedConfiguration {
  readonly name: string;
  readonly values: HelmValues;
  /** What the agents are told. */
  readonly config: Config;
  readonly workloads: readonly RecordedWorkload[];
}

/** A workload as far as promises are made about it. */
export interface RecordedWorkload {
  /** `DaemonSet/cilium`. */
  readonly name: string;
  readonly priority?: string;
  readonly maxUnavailable?: number | string;
  readonly containers: readonly RecordedContainer[];
}

export interface RecordedContainer {
  readonly name: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
  /** Host, path and port of the liveness probe. */
  readonly health?: string;
}

export interface RecordedRefusal {
  readonly values: HelmValues;
  /** Whether the values are laid over those that this library always gives. */
  readonly overDefaults: boolean;
  readonly refused: boolean;
}

const DIRECTORY = join(packageRoot(), "e2e", "chart", "recorded");

/** Every recording, oldest version first. */
export function recordings(): Recording[] {
  if (!existsSync(DIRECTORY)) return [];
  return readdirSync(DIRECTORY)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(DIRECTORY, name), "utf8")) as Recording);
}

/** The recording that stands for a version: one of its minor. */
export function recordingFor(version: string): Recording | undefined {
  const minor = CiliumVersion.of(version).minorVersion;
  return recordings().find((each) => CiliumVersion.of(each.version).minorVersion === minor);
}

/** Renders everything that is recorded of a chart, and writes it. */
export function record(version: string, chart: string, archive: string): void {
  const configurations = Object.entries(configurationsOf(CiliumVersion.of(version))).map(([name, values]) => {
    const rendered = render(chart, values);
    return { name, values, config: rendered.config, workloads: workloadsOf(rendered) };
  });
  const cases = [
    ...CHART_CASES.flatMap(([, ...pair]) => pair).map((values) => ({ values, overDefaults: true })),
    ...[...GONE.map(([broken]) => broken), ...TYPES].map((values) => ({ values, overDefaults: false })),
  ];
  const refusals = cases
    .filter(({ values }) => !hasToken(values))
    .map(({ values, overDefaults }) => {
      const given = overDefaults ? mergeValues(gkeDefaultValues(), values) : values;
      return { values, overDefaults, refused: refusal(chart, given) !== undefined };
    });
  const recording: Recording = { version, archive, configurations, refusals };
  writeFileSync(join(DIRECTORY, `cilium-${version}.json`), `${JSON.stringify(recording, null, 1)}\n`);
}

function workloadsOf(rendered: Rendered): RecordedWorkload[] {
  return rendered.names("DaemonSet", "Deployment").map((name) => {
    const [kind = "", object = ""] = name.split("/");
    const { spec } = rendered.podTemplate(kind, object);
    const strategy = rendered.object(kind, object)["spec"] as {
      readonly updateStrategy?: { readonly rollingUpdate?: { readonly maxUnavailable?: number | string } };
    };
    return {
      name,
      priority: spec.priorityClassName,
      maxUnavailable: strategy.updateStrategy?.rollingUpdate?.maxUnavailable,
      containers: spec.containers.map(({ name: container, ports = [], resources, livenessProbe }) => ({
        name: container,
        ports: Object.fromEntries(ports.map((port) => [port.name, port.containerPort])),
        ...(resources?.requests ? { requests: resources.requests } : {}),
        ...(resources?.limits ? { limits: resources.limits } : {}),
        ...(livenessProbe?.httpGet ? { health: addressOf(livenessProbe.httpGet) } : {}),
      })),
    };
  });
}

function addressOf({ host, path, port }: { host?: string; path: string; port: number | string }): string {
  return `${host ?? ""}${path}:${port}`;
}
