import { Dataplane, type KubeProxyFreeOptions } from "../../lib/dataplane";
import { describeEnvironment } from "../../lib/environment";
import { synthEnvironment } from "../../lib/testing";
import { definition } from "../support/definition";

const environment = (options: KubeProxyFreeOptions, more: object = {}) =>
  describeEnvironment(definition({ dataplane: Dataplane.kubeProxyFree(options), ...more }));
const problems = (options: KubeProxyFreeOptions, more?: object) => environment(options, more).problems;
const NETWORK = { nodes: "10.16.0.0/20", pods: "10.20.0.0/16", services: "10.24.0.0/20" };

describe("encryption in an environment", () => {
  test("strict mode holds all ranges of pods", () => {
    const network = { ...NETWORK, extraPodRanges: { more: "10.21.0.0/16" } };
    const release = environment({ encryption: { type: "wireguard", strict: {} } }, { network }).dataplane?.release;
    expect(release?.values["encryption"]).toMatchObject({ strictMode: { egress: { cidr: "10.20.0.0/15" } } });
    expect(problems({ encryption: { type: "wireguard", strict: { cidr: "10.20.0.0/16" } } }, { network })).toEqual([
      expect.stringMatching(/'dataplane.encryption.strict.cidr' .* does not hold 'network.extraPodRanges.more'/),
    ]);
  });

  test("strict mode never holds nodes, whether asked for by the option or by values", () => {
    const strict = { enabled: true, cidr: "10.0.0.0/8" };
    for (const [options, name] of [
      [{ encryption: { type: "wireguard", strict: { cidr: "10.0.0.0/8" } } }, "encryption.strict.cidr"],
      [
        { values: { encryption: { enabled: true, type: "wireguard", strictMode: { egress: strict } } } },
        "values.encryption.strictMode.egress.cidr",
      ],
    ] as const)
      expect(problems(options)).toEqual([
        expect.stringContaining(`'dataplane.${name}' (10.0.0.0/8) overlaps 'network.nodes' (10.16.0.0/20)`),
      ]);
  });

  test("what an agent would not start with is told under the option's name", () => {
    expect(problems({ encryption: { type: "ipsec" }, values: { hostFirewall: { enabled: true } } })).toEqual([
      expect.stringContaining("'dataplane.values.hostFirewall.enabled' (true) cannot be used with IPsec"),
    ]);
    expect(
      problems({
        encryption: { type: "ipsec" },
        values: { l7Proxy: true, dnsProxy: { enableTransparentMode: false } },
      }),
    ).toEqual([expect.stringContaining("'dataplane.encryption.type' (ipsec) needs the DNS proxy's transparent mode")]);
  });

  test("IPsec: a Secret is warned of, a firewall rule passes ESP, and no key is in any stack", () => {
    const dataplane = Dataplane.kubeProxyFree({ encryption: { type: "ipsec", secretName: "our-keys" } });
    expect(environment({ encryption: { type: "ipsec", secretName: "our-keys" } }).dataplane?.warnings).toMatchObject([
      { property: "dataplane.encryption.secretName", value: "our-keys" },
    ]);
    const stacks = synthEnvironment(definition({ dataplane }));
    const rules = Object.values(stacks["staging-cluster"]?.resource["google_compute_firewall"] ?? {}) as object[];
    expect(rules).toContainEqual(
      expect.objectContaining({
        allow: [{ protocol: "esp" }],
        source_ranges: ["10.16.0.0/20"],
        target_tags: ["gke-staging"],
      }),
    );
    expect(JSON.stringify(stacks)).not.toMatch(/rfc4106|kubernetes_secret/);
  });

  test("WireGuard needs no firewall rule of its own", () => {
    const dataplane = Dataplane.kubeProxyFree({ encryption: { type: "wireguard" } });
    const stacks = synthEnvironment(definition({ dataplane }));
    expect(JSON.stringify(stacks["staging-cluster"]?.resource["google_compute_firewall"])).not.toContain("esp");
    expect(problems({ encryption: { type: "wireguard", nodeToNode: true } })).toEqual([]);
  });
});

describe("encryption where Cilium is chained", () => {
  const chained = (values: object) =>
    describeEnvironment(definition({ dataplane: Dataplane.cniChaining({ values: values as never }) })).problems;

  test("is no option there", () => {
    const options = { encryption: { type: "wireguard" } } as never;
    expect(describeEnvironment(definition({ dataplane: Dataplane.cniChaining(options) })).problems).toEqual([
      expect.stringContaining(
        "'dataplane.encryption' is no option here; leave it out, or use Dataplane.kubeProxyFree()",
      ),
    ]);
  });

  test("by values: IPsec is refused, WireGuard needs the pods' MTU", () => {
    expect(chained({ encryption: { enabled: true, type: "ipsec" } })).toHaveLength(1);
    const wireguard = { enabled: true, type: "wireguard" };
    expect(chained({ encryption: wireguard })).toEqual([
      expect.stringContaining("'dataplane.values.cni.enableRouteMTUForCNIChaining' (false)"),
    ]);
    expect(chained({ encryption: wireguard, cni: { enableRouteMTUForCNIChaining: true } })).toEqual([]);
  });
});
