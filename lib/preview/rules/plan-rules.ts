import { partsLost } from "./goes-with";
import { keptName } from "./outcome";
import { findsNothing } from "./provider-rules";
import { cycles, failing, guarded } from "./refusals";
import { eachChange, eachStack, type Rule } from "./rule";
import { besideLeftover, needsWhatIsTaken } from "./taken";

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
    check: eachStack((stack) => [...guarded(stack), ...failing(stack), ...cycles(stack)]),
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
    check: eachChange([], (change, scene) =>
      change.type === "google_container_node_pool" ? besideLeftover(change, scene) : needsWhatIsTaken(change, scene),
    ),
  },
  {
    id: "ST19",
    severity: "high",
    modes: ["plan", "offline"],
    title: "What is part of a replaced object goes with it, and the plan does not say so",
    consequence:
      "What is replaced keeps its name, so for Terraform nothing changes for its parts. In fact they end with the old one: grants are refused, records and accounts are missing until the next apply, which makes them anew, and empty.",
    remedy: "Plan and apply a second time right after, or add replace_triggered_by to the parts.",
    source:
      "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#replace_triggered_by; measured with a bucket's grants in the simulated cloud, of the others read",
    check: (scene) => partsLost(scene, "others"),
  },
  {
    id: "ST20",
    severity: "critical",
    modes: ["plan", "offline"],
    title: "The name of what is deleted stays taken",
    consequence:
      "Terraform deletes the old object first. Its name is kept, so that it can be restored or is never given twice: the creation fails, and the apply stops half way, with neither of the two.",
    remedy:
      "Give the new one another name, or do without what forces the replacement. What is deleted already can be restored and imported, where Google keeps it.",
    source:
      "https://cloud.google.com/iam/docs/manage-workload-identity-pools-providers; https://cloud.google.com/kms/docs/object-hierarchy; https://cloud.google.com/resource-manager/docs/creating-managing-projects; https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html; tried with identity pools in the simulated cloud, of the others read",
    check: eachChange([], keptName),
  },
];
