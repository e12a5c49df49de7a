import { ref, Token } from "cdktf";
import { CiliumVersion } from "../../lib/cilium/version";
import {
  type KubeProxyDisablerOptions,
  kubeProxyDisablerImage,
  kubeProxyDisablerProblems,
  kubeProxyDisablerWarnings,
} from "../../lib/kube-proxy/options";

const TOKEN = Token.asString(ref("local.x"));
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("options of the kube-proxy disabler", () => {
  test.each<[string, KubeProxyDisablerOptions]>([
    ["nothing", {}],
    ["a tag", { image: "europe-docker.pkg.dev/acme/cilium/cilium:v1.19.6" }],
    ["a digest", { image: `registry:5000/cilium@${DIGEST}` }],
    ["a tag and a digest", { image: `quay.io/cilium/cilium:v1.20.2@${DIGEST}` }],
    ["the shortest interval", { intervalSeconds: 5 }],
    ["the longest interval", { intervalSeconds: 300 }],
    ["another port", { agentHealthPort: 65_535 }],
    ["more memory", { memoryLimit: "1Gi" }],
    ["another namespace", { namespace: "cilium-system" }],
    ["labels", { labels: { team: "network", "acme.com/cost-centre": "", "app.kubernetes.io/part-of": "platform" } }],
    ["a short wait", { rolloutTimeoutSeconds: 60 }],
    ["a long wait", { rolloutTimeoutSeconds: 7_200 }],
    [
      "tokens",
      {
        namespace: TOKEN,
        labels: { team: TOKEN },
        memoryLimit: TOKEN,
        intervalSeconds: Token.asNumber(ref("local.x")),
      },
    ],
  ])("%s is fine", (_, options) => {
    expect(kubeProxyDisablerProblems(options)).toEqual([]);
  });

  test.each<[KubeProxyDisablerOptions, string, RegExp]>([
    [{ image: "" }, "image", /is empty/],
    [{ image: "quay.io/cilium/cilium v1.20.2" }, "image", /not an image reference/],
    [{ image: "https://quay.io/cilium/cilium:v1" }, "image", /not an image reference/],
    [{ image: `quay.io/cilium/cilium:v1.20.2@${DIGEST}0` }, "image", /not an image reference/],
    [{ image: "quay.io/cilium/cilium" }, "image", /not pinned/],
    [{ image: "registry:5000/cilium" }, "image", /not pinned/],
    [{ image: "quay.io/cilium/cilium:latest" }, "image", /not pinned/],
    [{ image: TOKEN }, "image", /not known at synth/],
    [{ intervalSeconds: 4 }, "intervalSeconds", /whole number from 5 to 300/],
    [{ intervalSeconds: 301 }, "intervalSeconds", /whole number from 5 to 300/],
    [{ intervalSeconds: 7.5 }, "intervalSeconds", /whole number/],
    [{ agentHealthPort: 0 }, "agentHealthPort", /1 to 65535/],
    [{ memoryLimit: "256 MB" }, "memoryLimit", /quantity/],
    [{ memoryLimit: "0Mi" }, "memoryLimit", /quantity/],
    [{ namespace: "Kube_System" }, "namespace", /name for a namespace/],
    [{ rolloutTimeoutSeconds: 59 }, "rolloutTimeoutSeconds", /60 to 7200/],
    [{ labels: { "app.kubernetes.io/name": "x" } }, 'labels["app.kubernetes.io/name"]', /finds its pods/],
    [{ labels: { "kubernetes.io/cluster-service": "true" } }, 'labels["kubernetes.io/cluster-service"]', /delete/],
    [
      { labels: { "addonmanager.kubernetes.io/mode": "Reconcile" } },
      'labels["addonmanager.kubernetes.io/mode"]',
      /delete/,
    ],
    [{ labels: { "-team": "x" } }, 'labels["-team"]', /label's key/],
    [{ labels: { team: "net work" } }, 'labels["team"]', /label's value/],
  ])("%j is told of", (options, property, rule) => {
    const problems = kubeProxyDisablerProblems(options);
    expect(problems).toEqual([expect.objectContaining({ property, rule: expect.stringMatching(rule) })]);
    expect(problems[0]?.remedy).toMatch(/^\w+ /);
  });

  test("everything that is wrong is told at once", () => {
    const problems = kubeProxyDisablerProblems({ image: "x", intervalSeconds: 1, labels: { "": "y" }, namespace: "_" });
    expect(problems.map(({ property }) => property)).toEqual(["intervalSeconds", "namespace", "image", 'labels[""]']);
  });

  test("another namespace than kube-system takes a quota, and only that is warned of", () => {
    expect(kubeProxyDisablerWarnings({ namespace: "cilium-system" })).toEqual([expect.stringMatching(/ResourceQuota/)]);
    expect(kubeProxyDisablerWarnings({})).toEqual([]);
  });

  test("the default image is the agent's of the default Cilium version, by digest", () => {
    expect(kubeProxyDisablerImage()).toMatch(
      new RegExp(`^quay\\.io/cilium/cilium:v${CiliumVersion.DEFAULT}@sha256:[0-9a-f]{64}$`),
    );
    expect(kubeProxyDisablerProblems({ image: kubeProxyDisablerImage() })).toEqual([]);
  });
});
