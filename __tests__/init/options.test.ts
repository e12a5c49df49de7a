import { completeOptions, InitError, parseInitArguments } from "../../lib/init";

const complete = (...args: readonly string[]) => completeOptions(parseInitArguments(args, "/srv/Our Platform"));
const problemsOf = (...args: readonly string[]): string => {
  try {
    complete(...args);
  } catch (error) {
    if (error instanceof InitError) return error.message;
    throw error;
  }
  return "";
};
const RIGHT = ["--environment", "dev=acme-dev", "--location", "asia-northeast1"];

test("what is left open gets its default", () => {
  expect(complete(...RIGHT)).toEqual({
    directory: "/srv/Our Platform",
    name: "our-platform",
    environments: [{ name: "dev", project: "acme-dev" }],
    location: "asia-northeast1",
    dataplane: "dataplane-v2",
    monitoring: "managed-prometheus",
    state: "bucket",
    owners: [],
  });
});

test("monitoring goes with the dataplane", () => {
  expect(complete(...RIGHT, "--dataplane", "kube-proxy-free").monitoring).toBe("prometheus");
  expect(complete(...RIGHT, "--dataplane", "kube-proxy-free", "--monitoring", "none").monitoring).toBe("none");
});

test("everything can be said, and the directory is one below the working directory", () => {
  const flags = ["--name", "@acme/platform", "--github", "acme/platform", "--github-id", "42", "--owner", "@acme/p"];
  expect(complete("infra", ...RIGHT, ...flags, "--state", "local", "-y")).toMatchObject({
    directory: "/srv/Our Platform/infra",
    name: "@acme/platform",
    github: "acme/platform",
    githubId: 42,
    owners: ["@acme/p"],
    state: "local",
  });
});

test("all problems are told together, with the flag that is the remedy", () => {
  const problems = problemsOf("--dataplane", "cilium", "--owner", "acme");
  expect(problems).toContain("'environments' is missing; give --environment NAME=PROJECT");
  expect(problems).toContain("'location' is missing; give --location");
  expect(problems).toContain("'dataplane' (cilium) is not one of dataplane-v2, kube-proxy-free, cni-chaining");
  expect(problems).toContain("'owners[0]' (acme) is nobody that CODEOWNERS knows");
});

test.each([
  [["--environment", "dev"], "'environments[0].project' is missing"],
  [["--environment", "Dev=acme-dev"], "'environments[0].name' (Dev)"],
  [["--environment", "d=acme-dev"], "'environments[0].name' (d)"],
  [["--environment", "dev=Acme"], "'environments[0].project' (Acme) is not the id of a project"],
  [
    ["--environment", "dev=acme-one", "--environment", "dev=acme-two"],
    "'environments[1].name' (dev) is the name of another",
  ],
  [["--location", "asia-northeast9"], "did you mean asia-northeast"],
  [["--location", "asia-northeast1-x"], "'location' (asia-northeast1-x) is neither a region nor a zone"],
  [["--location", "europe"], "'location' (europe)"],
  [["--github-id", "acme"], "'githubId'"],
  [["--github", "https://github.com/acme/platform"], "'github'"],
  [["--state", "s3"], "'state' (s3) is not one of bucket, local"],
])("%j is refused", (wrong, message) => {
  const rest = wrong[0] === "--environment" ? RIGHT.slice(2) : RIGHT;
  expect(problemsOf(...rest, ...wrong)).toContain(message);
});

test("more environments than ranges are refused", () => {
  const many = Array.from({ length: 16 }, (_, at) => ["--environment", `env-${at}=acme-${at}-x`]).flat();
  expect(problemsOf("--location", "asia-northeast1", ...many)).toContain("is longer than the 15");
});

test.each([
  [["--locaton", "x"], "--locaton"],
  [["a", "b"], "one directory can be given, not 2"],
  [["--name"], "--name"],
])("the command line %j is refused", (args, message) => {
  expect(() => parseInitArguments(args, "/")).toThrow(message);
});
