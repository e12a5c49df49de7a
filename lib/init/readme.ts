import { stateBucketOf } from "./environment-file";
import type { InitOptions } from "./options";

const PAGES = "https://www.npmjs.com/package/cdktf-gke-cilium";
const DATAPLANES: Readonly<Record<InitOptions["dataplane"], string>> = {
  "dataplane-v2": "Dataplane V2 (Google runs Cilium)",
  "kube-proxy-free": "Cilium alone, without kube-proxy",
  "cni-chaining": "Cilium chained behind GKE's own networking",
};

/** The new repository's own README. */
export function readme(options: InitOptions): string {
  const { name, environments, location, dataplane } = options;
  const rows = environments.map(
    (environment) =>
      `| \`${environment.name}\` | \`${environment.project}\` | ${location} | ${DATAPLANES[dataplane]} |`,
  );
  const first = environments[0]!.name;
  return `# ${name}

GKE clusters with Cilium as code, made with [cdktf-gke-cilium](${PAGES}).

| Environment | Project | Location | Dataplane |
|---|---|---|---|
${rows.join("\n")}

## Begin

\`\`\`sh
npm install          # writes package-lock.json; commit it
npm run synth        # the Terraform of every environment, in cdktf.out/
npm test             # the first time it writes the snapshots; commit them
npm run doctor       # what is missing for a deployment: tools, login, APIs, roles, quotas
\`\`\`

## First deployment

${bootstrapSteps(options)}
Then, with \`cdktf\` (\`npm install --global cdktf-cli@0.21.0\`), Terraform 1.11 or later and \`gke-gcloud-auth-plugin\`:

\`\`\`sh
cdktf diff ${first}-cluster
cdktf deploy '${first}-*'
npm run status -- ${first}         # whether the cluster then is what was asked for
npm run connectivity -- ${first}   # whether its network does what it should
\`\`\`

## Changes

\`environments/*.ts\` says what there is. A pull request shows what a change does, in words, before it happens; what was
reviewed is applied after the merge.

\`\`\`sh
npm test -- -u                           # renews the snapshots: review them with git diff
npm run preview -- --base origin/main    # the same preview, here
\`\`\`

- \`.github/workflows/on-*.yml\` call the workflows beside them. Without repository variables everything is predicted, which
  needs no set-up; with \`WORKLOAD_IDENTITY_PROVIDER\`, \`PREVIEWER\`, \`DEPLOYER\` and \`PLAN_BUCKET\` it is planned and applied.
- Give the GitHub environments (${environments.map((environment) => `\`${environment.name}\``).join(", ")}) reviewers, and let them take jobs of \`main\` only: whoever gets
  a job into one of them is the deployer.
- \`renovate.json\` keeps versions current. Each environment pins what runs in it, so a new Cilium reaches one environment
  at a time, each with a preview of its own.
- \`preview-allow.yaml\` holds accepted risks, \`CODEOWNERS\` who may accept them.
`;
}

function bootstrapSteps({ environments, state }: InitOptions): string {
  const projects = [...new Set(environments.map(({ project }) => project))];
  const buckets =
    state === "bucket"
      ? `${projects.map((project) => `\`${stateBucketOf(project)}\``).join(" and ")} for the state,`
      : "a bucket for the state,";
  return `As owner of the projects, once. It enables APIs, makes ${buckets}
a deployer and a previewer, and prints what the workflows and you need; \`bootstrap/main.ts\` says the rest.

\`\`\`sh
gcloud auth application-default login
npm run bootstrap
\`\`\`
`;
}
