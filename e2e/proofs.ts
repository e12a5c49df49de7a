/** What a program of its own proves: it ends with 0 where it passed, with 77 where something that it needs is not there. */
export interface Proof {
  /** Unique among proofs and scenarios; what `--only` takes, and `npm run test:<id>` runs alone. */
  readonly id: string;
  /** What is shown, as a sentence without a full stop. */
  readonly title: string;
  /** What it needs beyond Node.js and npm, or where it looks for it. */
  readonly needs: string;
  /** Compiled programs, one after the other. */
  readonly programs: readonly string[];
  /** Takes minutes, and works in folders of its own: such ones go beside the others. */
  readonly long?: true;
}

const DEPLOYING = "Terraform; the providers, from the registry or a mirror; the sandbox's toolchain, from Go modules";

/** Everything that is proven by a program of its own; `npm run e2e -- proofs` runs them. */
export const PROOFS: readonly Proof[] = [
  {
    id: "validate",
    title: "Terraform takes every stack, and the providers know every attribute",
    needs: "Terraform; the providers, from the registry or a mirror",
    programs: ["main.js", "scripts/validate.js"],
  },
  {
    id: "chart",
    title: "Cilium's own charts make of every definition what the library says",
    needs: "Helm, built by the toolchain; of 1.18 and 1.19 what their charts rendered is recorded",
    programs: ["e2e/chart/main.js"],
  },
  {
    id: "iptables",
    title: "The kube-proxy remover takes kube-proxy's rules away, and no others, with the real iptables and kube-proxy",
    needs: "Linux, root, iptables, nftables, shellcheck; kube-proxy, built by the toolchain",
    programs: ["e2e/kube-proxy/main.js"],
  },
  {
    id: "promtool",
    title: "Every alert fires and stays silent as its description says",
    needs: "promtool, built by the toolchain",
    programs: ["e2e/monitoring/promtool-rules.js"],
  },
  {
    id: "operator",
    title: "A real Prometheus scrapes what the monitors select, and its alerts and panels have data",
    needs: "etcd, kube-apiserver, Prometheus and its operator, built by the toolchain",
    programs: ["e2e/monitoring/operator-proof.js"],
  },
  {
    id: "gateways",
    title: "Cilium's operator accepts the GatewayClass, and makes of a Gateway what it serves",
    needs: "Cilium's operator; etcd, kube-apiserver and Helm, built by the toolchain",
    programs: ["e2e/gateway/main.js"],
  },
  {
    id: "metrics",
    title: "Every metric that alerts and dashboards read is one that Cilium's source has",
    needs: "Cilium's source, from the Go module",
    programs: ["e2e/monitoring/metrics-catalogue.js"],
  },
  {
    id: "dashboards",
    title: "Every dashboard is one that Grafana and Cloud Monitoring take",
    needs: "nothing else",
    programs: ["e2e/monitoring/dashboards-import.js"],
  },
  {
    id: "browser",
    title: "The preview's page works in a browser, on a desk and on a phone",
    needs: "Chromium, from Debian's packages",
    programs: ["scripts/preview/check/browser.js"],
  },
  {
    id: "preview",
    title: "The preview says of real plans what Terraform then does, and its workflows run",
    needs: DEPLOYING,
    programs: ["scripts/preview/check/main.js"],
    long: true,
  },
  {
    id: "checkov",
    title: "checkov finds nothing in the stacks but what docs/hardening.md has a reason for",
    needs: "Python; checkov, from PyPI",
    programs: ["main.js", "scripts/test-checkov.js"],
  },
  {
    id: "hardened",
    title: "The hardened profile deploys on each dataplane, and over a cluster that was there, with keys of its own",
    needs: DEPLOYING,
    programs: ["scripts/test-hardened.js"],
    long: true,
  },
  {
    id: "init-deploy",
    title: "What gke-cilium init makes is deployed, its own bootstrap first",
    needs: DEPLOYING,
    programs: ["scripts/test-init-deploy.js"],
  },
  {
    id: "single-parts",
    title: "Each construct by itself is valid on a cluster that somebody else made",
    needs: DEPLOYING,
    programs: ["scripts/test-single-parts.js"],
  },
  {
    id: "adopt",
    title: "What runs already is taken over, until a plan changes nothing of it",
    needs: DEPLOYING,
    programs: ["scripts/test-adopt.js"],
  },
  {
    id: "consumers",
    title:
      "The packed library works with the oldest and newest TypeScript, CommonJS and ES modules, jest, vitest and Yarn PnP",
    needs: "npm's registry",
    programs: ["scripts/test-consumers.js"],
  },
  {
    id: "hcl",
    title: "The stacks are valid as HCL, too: what cdktf synth --hcl leaves behind",
    needs: "Terraform; the providers, from the registry or a mirror",
    programs: ["scripts/test-hcl.js"],
  },
  {
    id: "gitops",
    title:
      "Cilium is handed over to Argo CD and Flux: Terraform forgets it, nothing restarts, both render what is installed",
    needs: DEPLOYING,
    programs: ["scripts/test-gitops.js"],
  },
  {
    id: "upgrade",
    title: "The previous release is upgraded to this one, with the plan that the changelog declares",
    needs: DEPLOYING,
    programs: ["scripts/test-upgrade.js"],
    long: true,
  },
  {
    id: "opentofu",
    title: "OpenTofu deploys the same stacks",
    needs: "OpenTofu and the rest of the toolchain; the providers, from the registry or a mirror",
    programs: ["scripts/test-opentofu.js"],
  },
  {
    id: "providers",
    title: "The newer majors of the providers deploy the same environments",
    needs: `${DEPLOYING}; the newer providers`,
    programs: ["scripts/test-providers.js"],
    long: true,
  },
  {
    id: "live",
    title: "What npm run live does on Google Cloud it does in the sandbox, and leaves nothing behind",
    needs: DEPLOYING,
    programs: ["scripts/test-live.js"],
  },
];
