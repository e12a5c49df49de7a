import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../lib/preview/run/process";
import type { Attributes, Change } from "./spec";

/**
 * Real plans without a cloud. Creating needs nothing but a token of any kind, so the base is planned from nothing; what
 * that plan says the objects will be is written down as a state, and the head is planned against it without refreshing.
 * Everything between is Terraform's and the provider's own doing: diffs, defaults, what forces a replacement.
 */
export class Planner {
  public constructor(private readonly repository: string) {}

  /** Plans a directory against the state in it. @returns the trimmed plan. */
  public async plan(directory: string): Promise<Attributes> {
    await this.terraform(directory, ["init", "-input=false"], [0]);
    await this.terraform(directory, ["plan", "-input=false", "-refresh=false", "-out=plan"], [0, 1]);
    if (!existsSync(join(directory, "plan"))) throw new Error(`no plan in ${directory}`);
    const json = await this.terraform(directory, ["show", "-json", "plan"], [0]);
    return JSON.parse(json.replaceAll(this.repository, "https://helm.cilium.io/"));
  }

  /**
   * Writes the state that an apply of this plan would leave behind, computed values left out.
   *
   * @param otherwise Attributes by address that are to be different.
   */
  public writeState(file: string, plan: Attributes, otherwise: Change["state"] = {}): void {
    const changes = plan["resource_changes"] as readonly PlannedResource[] | undefined;
    const planned = (plan["planned_values"] as PlannedValues).root_module?.resources ?? [];
    const resources = (changes ?? [])
      .filter(({ mode }) => mode === "managed")
      .map(({ address, type, name, provider_name, change }) => ({
        mode: "managed",
        type,
        name,
        provider: `provider["${provider_name}"]`,
        instances: [
          {
            schema_version: planned.find((resource) => resource.address === address)?.schema_version ?? 0,
            attributes: { ...known(change.after, change.after_unknown, `${type}/${name}`), ...otherwise[address] },
            sensitive_attributes: [],
          },
        ],
      }));
    const text = JSON.stringify({
      version: 4,
      terraform_version: "1.11.4",
      serial: 1,
      lineage: LINEAGE,
      outputs: {},
      resources,
    });
    writeFileSync(file, text.replaceAll("https://helm.cilium.io/", this.repository));
  }

  /** Terraform's own resources need no cloud: these are really created. @returns the state. */
  public async apply(directory: string, template: Attributes): Promise<string> {
    await this.terraform(directory, ["init", "-input=false"], [0]);
    await this.terraform(directory, ["apply", "-input=false", "-auto-approve"], [0]);
    return join(directory, statePath(template));
  }

  /** A copy of a synthesized stack that can be planned here: state beside it, charts from the loopback repository. */
  public prepare(directory: string, template: Attributes, state?: string): void {
    mkdirSync(join(directory, "manifests"), { recursive: true });
    writeFileSync(join(directory, "manifests", "Chart.yaml"), "apiVersion: v2\nname: manifests\nversion: 0.1.0\n");
    const text = JSON.stringify(template).replaceAll("https://helm.cilium.io/", this.repository);
    writeFileSync(join(directory, "cdk.tf.json"), text);
    if (state !== undefined) writeFileSync(join(directory, statePath(template)), readFileSync(state));
  }

  private async terraform(cwd: string, args: readonly string[], codes: readonly number[]): Promise<string> {
    const env = { CHECKPOINT_DISABLE: "1", GOOGLE_OAUTH_ACCESS_TOKEN: "none" };
    const { code, stdout, stderr } = await run("terraform", [...args, "-no-color"], { cwd, env });
    if (!codes.includes(code)) throw new Error(`terraform ${args[0]} in ${cwd}: ${stdout}${stderr}`);
    return stdout;
  }
}

function statePath(template: Attributes): string {
  return (template["terraform"] as { backend: { local: { path: string } } }).backend.local.path;
}

/** Whether a stack has nothing but what Terraform itself brings. */
export function isBuiltIn(template: Attributes): boolean {
  return Object.keys((template["resource"] as Attributes | undefined) ?? {}).every((type) => type === "terraform_data");
}

const LINEAGE = "00000000-0000-0000-0000-000000000001";

interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly change: { readonly after: Attributes; readonly after_unknown: Attributes };
}

interface PlannedValues {
  readonly root_module?: {
    readonly resources?: readonly { readonly address: string; readonly schema_version: number }[];
  };
}

function known(after: Attributes, unknown: Attributes, id: string): Attributes {
  const result: Record<string, unknown> = { ...after };
  for (const [key, mark] of Object.entries(unknown)) if (mark === true) result[key] = null;
  if ("id" in result) result["id"] = id;
  return result;
}

/** The newest commit's charts are not needed to plan a release: a chart of this name and version is. */
export function writeChartRepository(directory: string, versions: readonly string[]): void {
  mkdirSync(join(directory, "cilium", "templates"), { recursive: true });
  writeFileSync(join(directory, "cilium", "values.yaml"), "{}\n");
  const entries = versions.map((version) => {
    writeFileSync(join(directory, "cilium", "Chart.yaml"), `apiVersion: v2\nname: cilium\nversion: ${version}\n`);
    execFileSync("tar", ["-czf", `cilium-${version}.tgz`, "cilium"], { cwd: directory });
    return `  - {apiVersion: v2, name: cilium, version: ${version}, urls: [cilium-${version}.tgz]}\n`;
  });
  writeFileSync(join(directory, "index.yaml"), `apiVersion: v1\nentries:\n  cilium:\n${entries.join("")}`);
}

const KEPT = [
  "format_version",
  "terraform_version",
  "output_changes",
  "relevant_attributes",
  "errored",
  "complete",
  "applyable",
];
const KEPT_RESOURCE = [
  "address",
  "previous_address",
  "mode",
  "type",
  "name",
  "index",
  "deposed",
  "provider_name",
  "action_reason",
];

/** The parts of a plan that are read, without attributes that are not set. */
export function trim(plan: Attributes): Attributes {
  const result: Record<string, unknown> = Object.fromEntries(
    KEPT.filter((key) => key in plan).map((key) => [key, plan[key]]),
  );
  result["planned_values"] = {};
  const checks = plan["checks"];
  if (checks !== undefined) result["checks"] = checks;
  for (const key of ["resource_changes", "resource_drift"]) {
    const changes = plan[key];
    if (Array.isArray(changes)) result[key] = changes.map(trimResource);
  }
  return result;
}

function trimResource(resource: Record<string, unknown>): Attributes {
  const change = resource["change"] as Record<string, unknown>;
  const trimmed = Object.fromEntries(
    Object.entries(change).map(([key, value]) => [key, key === "actions" ? value : trimTop(value)]),
  );
  const kept = KEPT_RESOURCE.filter((key) => key in resource).map((key) => [key, resource[key]]);
  return { ...Object.fromEntries(kept), change: trimmed };
}

function trimTop(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, child]) => !isNothing(child)));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === false) return value === null;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}
