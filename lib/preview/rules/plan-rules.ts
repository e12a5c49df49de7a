import { evaluateTemplate, type Lookup } from "../hcl/evaluate";
import type { ConfiguredResource, StackChanges } from "../model/changes";
import { destroys, isEffective } from "../model/changes";
import { asBlocks, Expression, getPath, type Step, type Value } from "../model/value";
import { ignoredPaths } from "../readers/ignored";
import { Resolver } from "../readers/resolve";
import { whatIsTaken } from "./outcome";
import { findsNothing } from "./provider-rules";
import { eachChange, eachStack, type Rule } from "./rule";

export const PLAN_RULES: readonly Rule[] = [
  {
    id: "ST13",
    severity: "high",
    modes: ["plan", "offline"],
    title: "Terraform will refuse to plan this",
    consequence:
      "Terraform stops while it plans, so nothing in the stack is changed, neither this nor anything else in the pull request.",
    remedy:
      "Undo what asks for it. If it is intended, remove the guard in a pull request of its own, apply that, and come back.",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle; recorded with Terraform 1.11",
    check: eachStack((stack) => [...guarded(stack), ...failing(stack)]),
  },
  {
    id: "ST14",
    severity: "critical",
    modes: ["plan"],
    title: "The state is empty, and the stack was there before",
    consequence:
      "Everything is planned as new. If the stack was ever applied, the plan is looking in the wrong place (another backend, workspace, directory or identity): the apply fails on names that are taken, or creates everything a second time.",
    remedy: "Check the backend and the workspace of this run. If the stack was never applied, allow-list this finding.",
    source: "a plan in which nothing has a state, beside a base that has the same resources",
    check: eachStack((stack) => {
      const found = findsNothing(stack);
      return found > 0 ? `${found} of the base's resources to create, and nothing in the state` : undefined;
    }),
  },
  {
    id: "ST15",
    severity: "medium",
    modes: ["plan"],
    title: "A check fails",
    consequence:
      "Terraform says so and goes on: what the check watches is not as it should be, before or after this change.",
    remedy: "Find out whether this change breaks it, and fix that first.",
    source: "https://developer.hashicorp.com/terraform/language/checks",
    check: eachStack(({ checks }) =>
      checks
        .filter(({ status }) => status !== "unknown")
        .map(({ address, messages }) => `${address}: ${messages.join("; ") || "no message"}`),
    ),
  },
  {
    id: "ST16",
    severity: "medium",
    modes: ["plan"],
    title: "An action runs",
    consequence:
      "A provider does something besides creating, changing and deleting objects, which no diff shows and no later plan undoes.",
    remedy: "Read what the action does, and why it runs now.",
    source: "https://developer.hashicorp.com/terraform/language/invoke-actions (Terraform 1.14)",
    check: eachStack(({ resources }) =>
      resources
        .filter(({ action }) => action === "invoke")
        .map(({ address, reason }) => {
          const by = reason?.startsWith("invoked_by ") ? ` because of ${reason.slice("invoked_by ".length)}` : "";
          return `${address} runs${by}`;
        }),
    ),
  },
  {
    id: "ST17",
    severity: "high",
    modes: ["plan", "offline"],
    title: "The new object needs what the old one still has",
    consequence:
      "Terraform creates the new one first: something that depends on it has create_before_destroy, which spreads to its dependencies. Its name or range is taken, the creation fails, and the apply stops half way. The old one stays.",
    remedy:
      "Undo what forces the replacement, or give the new one another name. Otherwise destroy the old one first, with all that depends on it.",
    source:
      "terraform internal/terraform/transform_destroy_cbd.go (ForcedCBDTransformer); measured with Terraform 1.11",
    check: eachChange([], (change) => (change.type === "google_container_node_pool" ? undefined : whatIsTaken(change))),
  },
];

/** `prevent_destroy` over something that is to be destroyed. */
function guarded({ resources }: StackChanges): readonly string[] {
  return resources
    .filter((change) => change.kind === "managed" && destroys(change))
    .filter(({ lifecycle }) => lifecycle?.after?.["prevent_destroy"] === true)
    .map(
      ({ address, action }) =>
        `${address} has prevent_destroy, and is to be ${action === "delete" ? "deleted" : "replaced"}`,
    );
}

/** Preconditions that the configuration itself shows to be false. */
function failing({ mode, base, head, resources }: StackChanges): readonly string[] {
  if (mode !== "offline" || !base || !head) return [];
  const conditions = head.resources.flatMap((block) =>
    asBlocks(block.lifecycle["precondition"]).map((condition) => ({ block, condition })),
  );
  if (conditions.length === 0 || !resources.some(isEffective)) return [];
  const lookup = stateLookup(new Resolver(base), new Resolver(head), base.resources, head.resources);
  return conditions.flatMap(({ block, condition }) => {
    const verdict = evaluate(condition["condition"], lookup);
    if (verdict !== false) return [];
    const message = evaluate(condition["error_message"], lookup);
    return [`${block.type}.${block.name}: ${typeof message === "string" ? message : "its precondition does not hold"}`];
  });
}

function evaluate(value: Value | undefined, lookup: Lookup): Value | undefined {
  return value instanceof Expression ? evaluateTemplate(value.text, lookup) : value;
}

/** What an apply of the base left in the state, where the head tells Terraform not to look at it again. */
function stateLookup(
  base: Resolver,
  head: Resolver,
  old: readonly ConfiguredResource[],
  current: readonly ConfiguredResource[],
): Lookup {
  const kept = new Set(old.filter(({ type }) => type === "terraform_data").map(({ name }) => name));
  const ignoring = new Map(current.map(({ type, name, lifecycle }) => [`${type}.${name}`, ignoredPaths(lifecycle)]));
  return (root: string, steps: readonly Step[]) => {
    const [name, attribute, ...rest] = steps;
    if (root !== "terraform_data" || attribute !== "output") return head.lookup(root, steps);
    const ignored = ignoring.get(`${root}.${name}`) ?? [];
    const remembers = kept.has(String(name)) && (ignored.includes("input") || ignored.includes("all"));
    const input = (remembers ? base : head).lookup(root, [name!, "input"]);
    return rest.length === 0 ? input : getPath(input, rest.join("."));
  };
}
