import { CiliumVersion, ciliumAgentImage } from "../../../lib/cilium";
import { agentDigest, versionsWithDigest } from "../../../lib/facts/cilium/images";
import { kubeProxyDisablerProblems } from "../../../lib/kube-proxy";

const V1_19 = CiliumVersion.of("1.19.6");
const DIGEST = agentDigest("1.19.6");
const OTHER = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("the agent's image", () => {
  test("the newest patch of every minor is known by digest, and no two versions share one", () => {
    const digests = versionsWithDigest().map((version) => agentDigest(version));
    for (const version of [CiliumVersion.V1_18, CiliumVersion.V1_19, CiliumVersion.V1_20])
      expect(versionsWithDigest()).toContain(`${version}`);
    expect(new Set(digests).size).toBe(digests.length);
    for (const digest of digests) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.each<[string, Parameters<typeof ciliumAgentImage>, string]>([
    ["of the version, by digest", [V1_19], `quay.io/cilium/cilium:v1.19.6@${DIGEST}`],
    ["by tag where the digest is not known", [CiliumVersion.of("1.19.99")], "quay.io/cilium/cilium:v1.19.99"],
    ["of a pre-release", [CiliumVersion.of("1.21.0-pre.0")], "quay.io/cilium/cilium:v1.21.0-pre.0"],
    [
      "from a mirror",
      [V1_19, { image: { repository: "mirror.example/c/cilium" } }],
      `mirror.example/c/cilium:v1.19.6@${DIGEST}`,
    ],
    ["with another digest", [V1_19, { image: { digest: OTHER } }], `quay.io/cilium/cilium:v1.19.6@${OTHER}`],
    ["without digest", [V1_19, { image: { useDigest: false } }], "quay.io/cilium/cilium:v1.19.6"],
    [
      "with another tag",
      [V1_19, { image: { tag: "v1.19.6-acme", useDigest: false } }],
      "quay.io/cilium/cilium:v1.19.6-acme",
    ],
    ["that is named whole", [V1_19, { image: { override: "acme.example/agent:1" } }], "acme.example/agent:1"],
    ["with nothing said", [V1_19, { image: { override: null, tag: "" } }], `quay.io/cilium/cilium:v1.19.6@${DIGEST}`],
  ])("%s", (_, parameters, image) => {
    expect(ciliumAgentImage(...parameters)).toBe(image);
    expect(kubeProxyDisablerProblems({ image })).toEqual([]);
  });
});
