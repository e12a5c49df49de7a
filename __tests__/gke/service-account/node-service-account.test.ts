import { TerraformOutput } from "cdktf";
import { NodeServiceAccount, type NodeServiceAccountProps } from "../../../lib/gke";
import { googleAttributeProblems } from "../../support/google-attributes";
import { type Json, only, synth } from "../synth";

function account(variant: Partial<NodeServiceAccountProps> = {}): Json {
  return synth((stack) => {
    new NodeServiceAccount(stack, "nodes", { project: "acme-1", accountId: "staging-nodes", ...variant });
  });
}

function grants(json: Json): string[] {
  return Object.values(json.resource.google_project_iam_member as Record<string, Json>)
    .map(({ role, project }) => `${role} in ${project}`)
    .sort();
}

test("it can be a node and pull images, and nothing else", () => {
  const json = account();
  expect(only(json, "google_service_account")).toEqual({
    account_id: "staging-nodes",
    project: "acme-1",
    display_name: "GKE nodes",
  });
  expect(grants(json)).toEqual([
    "roles/artifactregistry.reader in acme-1",
    "roles/container.defaultNodeServiceAccount in acme-1",
  ]);
  expect(googleAttributeProblems(json)).toEqual([]);
});

test("each option is synthesized", () => {
  const json = account({
    displayName: "Nodes",
    imageProjects: ["acme-images", "acme-1"],
    extraNodeRoles: ["roles/storage.objectViewer", "projects/acme/roles/custom.one"],
  });
  expect(only(json, "google_service_account").display_name).toBe("Nodes");
  expect(grants(json)).toEqual([
    "projects/acme/roles/custom.one in acme-1",
    "roles/artifactregistry.reader in acme-1",
    "roles/artifactregistry.reader in acme-images",
    "roles/container.defaultNodeServiceAccount in acme-1",
    "roles/storage.objectViewer in acme-1",
  ]);
});

test("a grant that is added moves no other", () => {
  const ids = (json: Json) => Object.keys(json.resource.google_project_iam_member);
  expect(ids(account({ imageProjects: ["acme-b", "acme-a"], extraNodeRoles: ["roles/x.y"] }))).toEqual(
    expect.arrayContaining(ids(account({ imageProjects: ["acme-a"] }))),
  );
});

test("what others need of it can be read from it", () => {
  const json = synth((stack) => {
    const made = new NodeServiceAccount(stack, "nodes", { project: "acme-1", accountId: "staging-nodes" });
    expect(made.ready).toEqual(made.members);
    new TerraformOutput(stack, "email", { value: made.email });
  });
  expect(json.output.email.value).toBe("${google_service_account.nodes.email}");
});

test.each([
  [{ accountId: "nodes" }, /'accountId' \(nodes\) has 5 characters where Google Cloud takes 6 to 30/],
  [{ extraNodeRoles: ["roles/owner"] }, /'extraNodeRoles\[0\]' \(roles\/owner\) gives every pod/],
])("%j is refused", (variant, message) => {
  expect(() => account(variant)).toThrow(message);
});
