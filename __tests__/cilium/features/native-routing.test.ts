import { type MasqueradeOptions, masqueradeProblems, nativeRoutingValues } from "../../../lib/cilium";

const PODS = "10.20.0.0/14";

describe("nativeRoutingValues", () => {
  test("routes in the VPC, masquerades in iptables and owns the CNI", () => {
    expect(nativeRoutingValues({ podsRange: PODS })).toEqual({
      gke: { enabled: true, disableDefaultSnat: true },
      cni: { binPath: "/home/kubernetes/bin", exclusive: true },
      ipam: { mode: "kubernetes" },
      routingMode: "native",
      ipv4NativeRoutingCIDR: PODS,
      enableIPv4Masquerade: true,
    });
  });

  test("masquerades in BPF through the host's stack, where the metadata server answers", () => {
    expect(nativeRoutingValues({ podsRange: PODS, bpfMasquerade: true }).bpf).toEqual({
      masquerade: true,
      hostLegacyRouting: true,
    });
    expect(nativeRoutingValues({ podsRange: PODS, bpfMasquerade: true, bpfHostLegacyRouting: false }).bpf).toEqual({
      masquerade: true,
      hostLegacyRouting: false,
    });
  });

  test("keeps pod addresses for a wider range", () => {
    const { ipv4NativeRoutingCIDR } = nativeRoutingValues({ podsRange: PODS, ipv4NativeRoutingCIDR: "10.0.0.0/8" });
    expect(ipv4NativeRoutingCIDR).toBe("10.0.0.0/8");
  });
});

describe("masqueradeProblems", () => {
  test.each<[MasqueradeOptions, boolean, string[]]>([
    [{}, true, []],
    [{ bpfMasquerade: true }, true, []],
    [{ bpfMasquerade: true, bpfHostLegacyRouting: false }, false, []],
    [{ bpfMasquerade: true, bpfHostLegacyRouting: false }, true, ["bpfHostLegacyRouting"]],
    [{ bpfHostLegacyRouting: true }, true, ["bpfHostLegacyRouting"]],
  ])("%j with Workload Identity %s gives %j", (options, workloadIdentity, properties) => {
    expect(masqueradeProblems(options, { workloadIdentity }).map(({ property }) => property)).toEqual(properties);
  });
});
