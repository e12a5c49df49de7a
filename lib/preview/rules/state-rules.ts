import type { ConfiguredResource, StackChanges, StackConfig } from "../model/changes";
import { destroys, isEffective } from "../model/changes";
import { getPath, isEqual } from "../model/value";
import { ignoredPaths } from "../readers/ignored";
import { findRenames } from "../readers/renames";
import { eachChange, eachStack, type Rule, show, type Verdict } from "./rule";
import type { Scene } from "./scene";

const CORE = new Set(["google_container_cluster", "google_compute_network", "google_compute_subnetwork"]);

export const STATE_RULES: readonly Rule[] = [
  {
    id: "ST1",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A stack leaves the app",
    consequence:
      "Nothing is destroyed. The stack is never planned again: its objects keep running and costing money, nobody manages them, and its state is forgotten.",
    remedy:
      "Destroy the stack from the commit before this one (cdktf destroy <stack>), then remove it; or keep it. If that is intended, allow-list this finding.",
    source:
      "cdktf removes the output directory of a stack that is gone (cdktf lib/synthesize/synth-stack.ts); measured",
    check: eachStack((stack, scene) => {
      if (stack.presence !== "removed" || renamedTo(stack, scene)) return undefined;
      const managed = stack.resources.filter(({ kind }) => kind === "managed").length;
      if (managed === 0) return undefined;
      return `${stack.name} with ${count(managed, "resource")} is not in the app any more`;
    }),
  },
  {
    id: "ST2",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "A stack is renamed, and its state stays behind",
    consequence:
      "The new stack starts with an empty state: everything is planned as new and fails on names that are taken, or exists twice. The old objects are orphaned.",
    remedy:
      "Keep the stack's id, or move its state before the first plan: terraform state pull in the old stack's directory, terraform state push in the new one's.",
    source: "a backend's prefix or path is made of the stack's id; measured",
    check: eachStack((stack, scene) => {
      const target = stack.presence === "removed" ? renamedTo(stack, scene) : undefined;
      if (!target) return undefined;
      const detail = `${stack.name} is gone, and ${target.name} has the same resources`;
      if (keepsNames(stack, target)) return detail;
      return {
        detail: `${detail} under other names`,
        consequence:
          "An environment cannot be renamed: its name is in the name of nearly every object, and those cannot change. The new stack starts with an empty state and builds a second environment; the old one keeps running and costing, unmanaged. With its state moved over, the plan would destroy it.",
        remedy:
          "Keep the name. For another one, add the new environment beside the old one, move the workloads, then destroy the old stacks from the commit before this one.",
      };
    }),
  },
  {
    id: "ST3",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The state moves to another place",
    consequence:
      "Terraform refuses to plan until the state is migrated. Initialised afresh, it would find an empty state and plan everything as new.",
    remedy: "Migrate the state first: terraform init -migrate-state in the stack's directory (cdktf: --migrate-state).",
    source: "https://developer.hashicorp.com/terraform/language/backend#change-configuration",
    check: eachStack(({ base, head }) => {
      if (!base || !head || isSameBackend(base, head)) return undefined;
      const name = (config: StackChanges["base"]) =>
        config?.backend && `${config.backend.type} ${JSON.stringify(config.backend.config)}`;
      return `backend: ${name(base) ?? "none"} → ${name(head) ?? "none"}`;
    }),
  },
  {
    id: "ST4",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Renaming a construct destroys and recreates the object",
    consequence:
      "Terraform knows objects by address, and the address follows the construct's path. It deletes the old one and creates the same again, in no particular order: names collide, and what depends on it goes down.",
    remedy:
      "Tell Terraform that it moved: moveFromId on the resource (given in the detail), or keep the construct's id.",
    source:
      "cdktf lib/private/unique.ts; https://developer.hashicorp.com/terraform/cdktf/examples-and-guides/refactoring",
    check: eachStack((stack, scene) =>
      scene.renames(stack).map(({ from, to }) => ({
        detail: `${from.address} is deleted and created again under this address; moveFromId("${from.address}") keeps it`,
        severity: CORE.has(from.type) || scene.cilium(from) ? ("critical" as const) : ("high" as const),
        change: to,
      })),
    ),
  },
  {
    id: "ST5",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "The provider version changes",
    consequence:
      "Defaults and what forces a replacement differ between versions; upgrades of the google provider alone have planned cluster replacements.",
    remedy: "Look at a real plan of every environment before merging.",
    source: "https://github.com/hashicorp/terraform-provider-google/issues/14209 and #15484",
    check: eachStack(({ base, head }) => {
      if (!base || !head) return undefined;
      const both = Object.keys(base.requiredProviders).filter((name) => head.requiredProviders[name]);
      return [
        ...both.flatMap((name): Verdict[] => otherSource(name, base, head)),
        ...both
          .filter((name) => base.requiredProviders[name] !== head.requiredProviders[name])
          .map((name) => `${name}: ${base.requiredProviders[name]} → ${head.requiredProviders[name]}`),
      ];
    }),
  },
  {
    id: "ST6",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A lifecycle safeguard is removed",
    consequence:
      "prevent_destroy no longer stops a plan that destroys; an attribute that is no longer ignored brings every change made outside Terraform into the next plan, as an update or a replacement.",
    remedy: "Keep the safeguard, or make sure that the next plan shows nothing unexpected.",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle",
    check: eachStack(({ base, head }) => lostGuards(base?.resources ?? [], head?.resources ?? [])),
  },
  {
    id: "ST7",
    severity: "medium",
    modes: ["plan", "offline"],
    title: "An object is forgotten, not destroyed",
    consequence: "It keeps running and costing money, but nobody manages it any more.",
    remedy: "Make sure that somebody else owns it, or destroy it instead.",
    source: "https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources",
    check: eachChange([], (change) =>
      change.action === "forget" || change.actions.includes("forget")
        ? `${change.address} leaves the state and stays in the cloud`
        : undefined,
    ),
  },
  {
    id: "ST8",
    severity: "critical",
    modes: ["plan"],
    title: "An imported object is destroyed at once",
    consequence: "The configuration does not fit the live object, so Terraform takes it over only to replace it.",
    remedy: "Make the configuration match the live object until the plan shows no replacement, then import.",
    source: "terraform internal/command/jsonformat/plan.go (its own warning)",
    check: eachChange([], (change) =>
      change.importing !== undefined && destroys(change)
        ? `${change.address} is imported as ${change.importing} and replaced`
        : undefined,
    ),
  },
  {
    id: "ST9",
    severity: "high",
    modes: ["plan"],
    title: "The plan is incomplete",
    consequence: "What Terraform did not get to is missing here: the real change may be larger.",
    remedy: "Fix the error, or apply in steps, then preview again.",
    source: "https://developer.hashicorp.com/terraform/internals/json-format (errored, complete)",
    check: eachStack(({ partial }) => partial),
  },
  {
    id: "ST10",
    severity: "info",
    modes: ["plan", "offline"],
    title: "A stack this one depends on changes too",
    consequence: "This stack was previewed against that one as it is now, not as it will be after the change.",
    remedy: "Apply in order, and preview again in between.",
    source: "https://github.com/hashicorp/terraform-cdk/issues/2157",
    check: eachStack((stack, scene) => {
      // A plan that finds nothing to do leaves nothing to wait for, however the code differs from the base.
      const moves = ({ mode, resources }: StackChanges) =>
        resources.some((r) => isEffective(r) && !(mode === "plan" && r.kind === "config"));
      if (stack.presence === "removed" || !moves(stack)) return undefined;
      const moving = stack.dependencies.filter((name) => {
        const below = scene.stack(name);
        return below && moves(below);
      });
      return moving.length > 0 ? `depends on ${moving.join(" and ")}` : undefined;
    }),
  },
  {
    id: "ST11",
    severity: "high",
    modes: ["plan", "offline"],
    title: "A cluster is replaced under resources that live in it",
    consequence:
      "The kubernetes and helm providers log in with data from the cluster, which is unknown until the new one exists: the plan fails or talks to the wrong cluster.",
    remedy: "Keep the cluster in a stack of its own, and apply that one first.",
    source:
      "https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs#stacking-with-managed-kubernetes-cluster-resources",
    check: eachStack(({ resources }) => {
      const clusters = resources.filter((r) => r.type === "google_container_cluster" && destroys(r));
      const inside = resources.filter((r) => r.kind === "managed" && /^(helm|kubernetes)_/.test(r.type));
      if (clusters.length === 0 || inside.length === 0) return undefined;
      return `${clusters[0]!.address} and ${count(inside.length, "resource")} inside it are in one stack`;
    }),
  },
];

/** The added stack that has most of what a removed one had. */
function renamedTo(removed: StackChanges, scene: Scene): StackChanges | undefined {
  const old = removed.resources.filter(({ kind }) => kind === "managed").map((r) => ({ ...r, config: r.before }));
  return scene.stacks.find((stack) => {
    if (stack.presence !== "added" || old.length === 0) return false;
    const fresh = stack.resources.filter(({ kind }) => kind === "managed").map((r) => ({ ...r, config: r.after }));
    const addresses = new Set(fresh.map(({ address }) => address));
    const same = old.filter(({ address }) => addresses.has(address)).length;
    return Math.max(same, findRenames(old, fresh).length) / old.length > 0.6;
  });
}

/** The same name from somewhere else is another program, which gets every credential. */
function otherSource(name: string, base: StackConfig, head: StackConfig): Verdict[] {
  const [from, to] = [base, head].map(({ blocks }) => {
    const required = blocks.find(({ address }) => address === "terraform.required_providers")?.value;
    return getPath(required, `${name}.source`);
  });
  if (from === undefined || to === undefined || isEqual(from, to)) return [];
  return [
    {
      detail: `${name}: ${show(from)} → ${show(to)}`,
      severity: "high",
      consequence:
        "Another program manages the same objects, with all credentials of this one. It may plan everything anew.",
      remedy: "Make sure who publishes it, and look at a real plan of every environment before merging.",
    },
  ];
}

function isSameBackend({ backend: from }: StackConfig, { backend: to }: StackConfig): boolean {
  return from?.type === to?.type && isEqual(from?.config, to?.config);
}

/** Whether the objects are called as before, so that their state can be moved. */
function keepsNames(old: StackChanges, current: StackChanges): boolean {
  const fresh = new Map(current.resources.map((resource) => [resource.address, resource]));
  return old.resources.every((resource) => {
    const now = fresh.get(resource.address);
    return ["name", "location", "project", "account_id"].every(
      (path) => !now || isEqual(resource.before?.[path], now.after?.[path]),
    );
  });
}

/** Attributes that change behind Terraform's back on a GKE cluster, so that ignoring them was deliberate. */
function lostGuards(base: readonly ConfiguredResource[], head: readonly ConfiguredResource[]): Verdict[] {
  const managed = head.filter(({ kind }) => kind === "managed");
  const current = new Map(managed.map((block) => [`${block.type}.${block.name}`, block]));
  return base.flatMap((block) => {
    const address = `${block.type}.${block.name}`;
    const now = block.kind === "managed" ? current.get(address) : undefined;
    if (!now) return [];
    const lost: string[] = [];
    const guarded = ({ lifecycle }: ConfiguredResource) => String(lifecycle["prevent_destroy"]) === "true";
    if (guarded(block) && !guarded(now)) lost.push("prevent_destroy");
    const kept = ignoredPaths(now.lifecycle);
    const dropped = ignoredPaths(block.lifecycle).filter((name) => !kept.includes(name) && !kept.includes("all"));
    if (dropped.length > 0) lost.push(`ignore_changes of ${dropped.join(", ")}`);
    return lost.length > 0 ? [`${address} loses ${lost.join(" and ")}`] : [];
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
