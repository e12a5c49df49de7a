import { askForRest, type Conversation, parseInitArguments } from "../../lib/init";

/** Answers in turn, and keeps what was said. */
function played(...answers: readonly string[]): Conversation & { readonly asked: string[]; readonly said: string[] } {
  const rest = [...answers];
  const asked: string[] = [];
  const said: string[] = [];
  return {
    asked,
    said,
    ask: async (question) => {
      asked.push(question);
      const answer = rest.shift();
      if (answer === undefined) throw new Error(`nobody answers ${question}`);
      return answer;
    },
    say: (text) => {
      said.push(text);
    },
  };
}

test("what the command line left open is asked for, with suggestions to agree to", async () => {
  const conversation = played("", "dev=acme-dev, prod=acme-prod", "asia-northeast1", "", "", "", "", "");
  expect(await askForRest(parseInitArguments([], "/srv/infra"), conversation)).toMatchObject({
    name: "infra",
    environments: [
      { name: "dev", project: "acme-dev" },
      { name: "prod", project: "acme-prod" },
    ],
    dataplane: "dataplane-v2",
    monitoring: "managed-prometheus",
    state: "bucket",
    owners: [],
  });
  expect(conversation.said).toEqual([]);
});

test("an answer that cannot be is asked for again, with the reason", async () => {
  const conversation = played(
    "dev",
    "dev=Acme",
    "dev=acme-dev",
    "Tokyo",
    "asia-northeast1",
    "cilium",
    "kube-proxy-free",
    "",
    "",
    "",
    "",
  );
  const options = await askForRest(parseInitArguments(["--name", "infra"], "/"), conversation);
  expect(options).toMatchObject({ dataplane: "kube-proxy-free", monitoring: "prometheus" });
  expect(conversation.said).toHaveLength(4);
  expect(conversation.said.join("")).toContain("'environments[0].project' (Acme)");
});

test("nothing that was given is asked for", async () => {
  const flags = [
    "--name",
    "a",
    "--environment",
    "dev=acme-dev",
    "--location",
    "us-central1",
    "--dataplane",
    "cni-chaining",
  ];
  const conversation = played("@acme/platform @ann");
  const options = await askForRest(
    parseInitArguments([...flags, "--monitoring", "none", "--state", "local", "--github", "a/b"], "/"),
    conversation,
  );
  expect(conversation.asked).toHaveLength(1);
  expect(options.owners).toEqual(["@acme/platform", "@ann"]);
});
